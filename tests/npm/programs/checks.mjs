// What every program here needs: saying plainly what differs, the operations, and asking.
import { isDeepStrictEqual } from "node:util";

// A difference ends the program: exit code 1, and one line that says what differs.
export function same(found, expected, what) {
  if (!isDeepStrictEqual(found, expected)) {
    const [a, b] = [found, expected].map((each) => String(JSON.stringify(each)).slice(0, 1000));
    throw new Error(`${what}: ${a} and not ${b}`);
  }
}

export function holds(condition, what) {
  if (!condition) throw new Error(`It does not hold: ${what}`);
}

process.on("uncaughtException", (error) => {
  process.stdout.write(`${error.stack ?? error.message ?? error}\n`);
  process.exit(1);
});

export const QUESTION = "My liver cancer came back - what are my options now";

export const CANCERS = `query Cancers($first: Int!, $after: String) {
  cancers(first: $first, after: $after) {
    nodes { id slug name }
    pageInfo { hasNextPage endCursor }
  }
}`;

export const ASK = `mutation Ask($input: AskQuestionInput!) {
  askQuestion(input: $input) {
    outcome
    generation { id status }
    errors { __typename ... on UserError { message } }
  }
}`;

export const FOLLOW = `subscription Follow($id: ID!, $after: Int) {
  generationEvents(generationId: $id, after: $after) {
    __typename
    sequence
    ... on AnswerTextAdded { sectionIndex text }
    ... on GenerationCompleted { answer { id reviewed sections { markdown } } }
    ... on GenerationFailed { code message }
  }
}`;

// Sends an operation without any client: what the clients' results are compared with.
export async function post(address, query, variables = {}) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  same(errors, undefined, "errors of a plain request");
  return data;
}

// Asks, and returns the id of the generation that writes the answer.
export async function ask(address) {
  const { askQuestion } = await post(address, ASK, { input: { text: QUESTION } });
  same(askQuestion.outcome, "GENERATING", "the outcome of asking");
  return askQuestion.generation.id;
}

// The events are numbered without a gap, and their text is that of the stored answer.
export function whole(events) {
  const expected = events.map((_, at) => at + 1);
  same(events.map((event) => event.sequence), expected, "the numbers of the events");
  const last = events.at(-1);
  same(last.__typename, "GenerationCompleted", "the last event");
  const sections = [];
  for (const event of events) {
    if (event.__typename !== "AnswerTextAdded") continue;
    sections[event.sectionIndex] = (sections[event.sectionIndex] ?? "") + event.text;
  }
  holds(sections.length > 0, "there is text in the answer");
  same(sections, last.answer.sections.map((each) => each.markdown), "the text of the answer");
}
