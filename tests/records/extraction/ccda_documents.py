"""C-CDA documents as small as they can be."""

HEAD = (
    '<?xml version="1.0"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)


def section(code: str, *entries: str) -> str:
    listed = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return f'<component><section><code code="{code}"/>{listed}</section></component>'


def narrative(code: str, words: str) -> str:
    """A section with words and no entries."""
    return f'<component><section><code code="{code}"/><text>{words}</text></section></component>'


def document(*sections: str) -> bytes:
    body = "".join(sections)
    inner = f"<component><structuredBody>{body}</structuredBody></component>"
    return f"{HEAD}{inner}</ClinicalDocument>".encode()


def problem(code: str, display: str, *, system: str = "2.16.840.1.113883.6.90", extra: str = "",
            attributes: str = "") -> str:  # fmt: skip
    return (
        f'<act><entryRelationship><observation {attributes}><code code="55607006"/>{extra}'
        f'<value xsi:type="CD" code="{code}" codeSystem="{system}" displayName="{display}"/>'
        "</observation></entryRelationship></act>"
    )


def result(code: str, display: str, value: str, unit: str) -> str:
    return (
        f'<organizer><component><observation><code code="{code}" displayName="{display}"'
        f' codeSystem="2.16.840.1.113883.6.1"/><value xsi:type="PQ" value="{value}" unit="{unit}"/>'
        "</observation></component></organizer>"
    )


def drug(display: str, *, status: str = "active") -> str:
    return (
        f'<substanceAdministration moodCode="INT"><statusCode code="{status}"/><consumable>'
        f'<manufacturedProduct><manufacturedMaterial><code code="1" displayName="{display}"'
        ' codeSystem="2.16.840.1.113883.6.88"/></manufacturedMaterial></manufacturedProduct>'
        "</consumable></substanceAdministration>"
    )


PROBLEMS = "11450-4"
RESULTS = "30954-2"
MEDICATIONS = "10160-0"
FAMILY = "10157-6"
IMMUNIZATIONS = "11369-6"
