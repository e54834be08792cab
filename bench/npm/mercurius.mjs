// mercurius with its JIT: loaders over pg, one prepared statement each, as a careful team writes it.
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_SIZE),
});

const schema = `
  type Query {
    answer(slug: String!): Answer
    cancer(slug: String!): Cancer
    cancers(first: Int!, offset: Int!): CancerConnection!
    searchQuestions(text: String!, first: Int!): QuestionConnection!
  }
  type Cancer { slug: String! name: String! questions(first: Int!): QuestionConnection! }
  type CancerConnection { nodes: [Cancer!]! }
  type PageInfo { hasNextPage: Boolean! }
  type QuestionConnection { nodes: [Question!]! pageInfo: PageInfo! }
  type Question { slug: String! text: String! answer: Answer }
  type Answer {
    slug: String! title: String! summary: String! author: String! reviewed: Boolean!
    revision: Int! readingGrade: Float doctorQuestions: [String!]! nextSteps: [String!]!
    sections: [Section!]! citations: [Citation!]!
  }
  type Section { kind: String! heading: String! markdown: String! }
  type Citation {
    number: Int! quote: String! start: Int! end: Int! locator: String source: Source!
  }
  type Source { title: String! publisher: String! url: String version: String licence: String! }
`;

const ANSWER = `id, question_id, slug, title, summary, author, reviewed, revision,
  reading_grade AS "readingGrade", doctor_questions AS "doctorQuestions",
  next_steps AS "nextSteps"`;

async function rows(name, text, values) {
  return (await pool.query({ name, text, values })).rows;
}

function page(found, first) {
  return { nodes: found.slice(0, first), pageInfo: { hasNextPage: found.length > first } };
}

function byKey(found, key) {
  const groups = new Map();
  for (const row of found) {
    const group = groups.get(row[key]);
    if (group) group.push(row);
    else groups.set(row[key], [row]);
  }
  return groups;
}

const resolvers = {
  Query: {
    answer: async (_, { slug }) =>
      (await rows("answer", `SELECT ${ANSWER} FROM peers.answers WHERE slug = $1`, [slug]))[0],
    cancer: async (_, { slug }) =>
      (await rows("cancer", "SELECT id, slug, name FROM peers.cancers WHERE slug = $1", [slug]))[0],
    cancers: async (_, { first, offset }) => ({
      nodes: await rows(
        "cancers",
        "SELECT id, slug, name FROM peers.cancers ORDER BY name, id LIMIT $1 OFFSET $2",
        [first, offset],
      ),
    }),
    searchQuestions: async (_, { text, first }) =>
      page(
        await rows("search", "SELECT id, slug, text FROM peers.search_questions($1)", [text]),
        first,
      ),
  },
};

const loaders = {
  Cancer: {
    async questions(queries) {
      const first = queries[0].params.first;
      const ids = queries.map(({ obj }) => obj.id);
      const found = await rows(
        "questions",
        `SELECT c.id AS cancer, q.id, q.slug, q.text
         FROM unnest($1::uuid[]) AS c (id), LATERAL (
           SELECT * FROM peers.questions WHERE cancer_id = c.id
           ORDER BY answered_at DESC, id DESC LIMIT $2
         ) AS q`,
        [ids, first + 1],
      );
      const groups = byKey(found, "cancer");
      return ids.map((id) => page(groups.get(id) ?? [], first));
    },
  },
  Question: {
    async answer(queries) {
      const ids = queries.map(({ obj }) => obj.id);
      const found = await rows(
        "answers",
        `SELECT ${ANSWER} FROM peers.answers WHERE question_id = ANY ($1::uuid[])`,
        [ids],
      );
      const answers = new Map(found.map((row) => [row.question_id, row]));
      return ids.map((id) => answers.get(id) ?? null);
    },
  },
  Answer: {
    async sections(queries) {
      const ids = queries.map(({ obj }) => obj.id);
      const found = await rows(
        "sections",
        `SELECT answer_id, kind, heading, markdown FROM peers.sections
         WHERE answer_id = ANY ($1::uuid[]) ORDER BY answer_id, position`,
        [ids],
      );
      const groups = byKey(found, "answer_id");
      return ids.map((id) => groups.get(id) ?? []);
    },
    // With their sources in the same statement: they are never asked for without.
    async citations(queries) {
      const ids = queries.map(({ obj }) => obj.id);
      const found = await rows(
        "citations",
        `SELECT c.answer_id, c.number, c.quote, c.start, c."end", c.locator,
                s.title, s.publisher, s.url, s.version, s.licence
         FROM peers.citations c JOIN peers.sources s ON s.id = c.source_id
         WHERE c.answer_id = ANY ($1::uuid[]) ORDER BY c.answer_id, c.position`,
        [ids],
      );
      for (const row of found) row.source = row;
      const groups = byKey(found, "answer_id");
      return ids.map((id) => groups.get(id) ?? []);
    },
  },
};

const app = Fastify();
app.register(mercurius, { schema, resolvers, loaders, jit: 1, graphiql: false });
await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
