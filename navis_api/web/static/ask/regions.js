// Whose telephone numbers notices give: those of the region that the portal names in `locale`, or
// else of the one that the device's clock is set to. Not that of the device's language: half the
// world reads in American English. Somewhere else the API gives the numbers of several regions.
// Source of the zones: IANA's zone.tab (2026a), with the older names that browsers still give.

const ZONES = {
  US: {
    America:
      "New_York Detroit Kentucky/Louisville Kentucky/Monticello Louisville Indianapolis Fort_Wayne " +
      "Indiana/Indianapolis Indiana/Vincennes Indiana/Winamac Indiana/Marengo Indiana/Petersburg " +
      "Indiana/Vevay Indiana/Tell_City Indiana/Knox Chicago Menominee North_Dakota/Center " +
      "North_Dakota/New_Salem North_Dakota/Beulah Denver Boise Phoenix Los_Angeles Anchorage " +
      "Juneau Sitka Metlakatla Yakutat Nome Adak",
    Pacific: "Honolulu",
  },
  CA: {
    America:
      "St_Johns Halifax Glace_Bay Moncton Goose_Bay Blanc-Sablon Montreal Toronto Nipigon " +
      "Thunder_Bay Iqaluit Pangnirtung Atikokan Coral_Harbour Winnipeg Resolute Rainy_River " +
      "Rankin_Inlet Regina Swift_Current Edmonton Cambridge_Bay Yellowknife Inuvik Creston " +
      "Dawson_Creek Fort_Nelson Whitehorse Dawson Vancouver",
  },
  MX: {
    America:
      "Mexico_City Cancun Merida Monterrey Matamoros Chihuahua Ciudad_Juarez Ojinaga Mazatlan " +
      "Bahia_Banderas Hermosillo Tijuana Ensenada Santa_Isabel",
  },
  GB: { Europe: "London Belfast" },
  IE: { Europe: "Dublin" },
  ES: { Europe: "Madrid", Africa: "Ceuta", Atlantic: "Canary" },
  AU: {
    Australia:
      "Lord_Howe Hobart Currie Melbourne Sydney Canberra Broken_Hill Brisbane Lindeman Adelaide " +
      "Darwin Perth Eucla",
  },
  NZ: { Pacific: "Auckland Chatham" },
  IN: { Asia: "Kolkata Calcutta" },
  ZA: { Africa: "Johannesburg" },
};

const regionNamed = (locale) => /[-_]([A-Za-z]{2})(?![A-Za-z0-9])/.exec(locale)?.[1].toUpperCase();

const regionOfClock = () => {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  const [area, ...place] = zone.split("/");
  return Object.keys(ZONES).find((region) =>
    ZONES[region][area]?.split(" ").includes(place.join("/")),
  );
};
