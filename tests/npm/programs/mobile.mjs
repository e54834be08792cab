// Drives what docs/mobile.md shows, compiled beside this program.
import assert from "node:assert/strict";
import { Navis, follow, questions, sync } from "./navis.js";

const [address] = process.argv.slice(2);
const api = new Navis(address);

const listed = new Map();
for await (const question of questions(api, "breast-cancer")) {
  assert.ok(!listed.has(question.id), "a question came twice");
  listed.set(question.id, question.text);
}
assert.ok(listed.size >= 2, `${listed.size} questions`);

const copy = new Map();
const cursor = await sync(api, copy, null);
assert.ok(copy.size > 10, `${copy.size} answers`);
const before = new Map(copy);
assert.equal(await sync(api, copy, cursor), cursor);
assert.deepEqual(copy, before);

const { askQuestion } = await api.send(
  `mutation Ask($text: String!) { askQuestion(input: {text: $text}) {
     outcome generation { id } errors { __typename } } }`,
  { text: `How is stomach cancer found, and by which tests? ${Date.now() % 1000}` },
);
assert.equal(askQuestion.outcome, "GENERATING", JSON.stringify(askQuestion));
const whole = [];
for await (const event of follow(api, askQuestion.generation.id)) whole.push(event);
assert.match(whole.at(-1).__typename, /GenerationCompleted|GenerationFailed/);

// An app that was ended in the middle goes on after what it had.
const rest = [];
for await (const event of follow(api, askQuestion.generation.id, whole[1].sequence)) rest.push(event);
assert.deepEqual(rest, whole.slice(2));

// One that was ended right after the last event is told the end, and doesn't wait for more.
const beyond = [];
for await (const event of follow(api, askQuestion.generation.id, whole.at(-1).sequence)) beyond.push(event);
assert.deepEqual(beyond, []);

// What is refused is told, and not tried again for ever.
await assert.rejects(async () => {
  for await (const _ of follow(api, "nothing")) assert.fail();
});
