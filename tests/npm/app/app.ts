// What an app does with the generated types. It is compiled, and never run: a change of the
// schema that an app would notice is an error here.
import type {
  AnswerCardFragment,
  AskMutation,
  AskMutationVariables,
  ChangesQuery,
  FollowSubscription,
  PageQuery,
  PageQueryVariables,
} from "./operations.ts";

// An answer has a title; a summary, a slug and a review it may not have.
export function label(answer: AnswerCardFragment): string {
  const reviewer: string | undefined = answer.review?.reviewer;
  const said = answer.reviewed ? `reviewed by ${reviewer ?? "a clinician"}` : "not reviewed";
  return `${answer.title} (${said})`;
}

// Everything but the text of a question may be left out.
export function asked(text: string): AskMutationVariables {
  return { input: { text } };
}

export function outcome({ askQuestion }: AskMutation): string {
  for (const error of askQuestion.errors) {
    if (error.__typename === "UnknownCancer") return `Which cancer? ${error.message}`;
  }
  switch (askQuestion.outcome) {
    case "REVIEWED_ANSWER":
      return askQuestion.answer === null ? "" : label(askQuestion.answer);
    case "GENERATING":
      return askQuestion.generation?.id ?? "";
    case "DECLINED":
      return askQuestion.safetyNotices.map((notice) => notice.message).join("\n");
    case null:
      return askQuestion.errors.map((error) => error.message).join("\n");
  }
}

// Events are told apart by their type names; all have a number.
export function told({ generationEvents: event }: FollowSubscription): [number, string] {
  switch (event.__typename) {
    case "AnswerTextAdded":
      return [event.sequence, event.text];
    case "GenerationProgressed":
      return [event.sequence, event.status];
    case "GenerationCompleted":
      return [event.sequence, label(event.answer)];
    case "GenerationFailed":
      return [event.sequence, event.retryable ? "" : event.message];
  }
}

export function next(variables: PageQueryVariables, page: PageQuery): PageQueryVariables | null {
  const { hasNextPage, endCursor } = page.questions.pageInfo;
  return hasNextPage ? { ...variables, after: endCursor } : null;
}

export function kept(copy: Map<string, AnswerCardFragment>, { changes }: ChangesQuery): void {
  for (const { answerId, answer } of changes.nodes) {
    if (answer === null) copy.delete(answerId);
    else copy.set(answerId, answer);
  }
}

// @ts-expect-error: a question without its text can't be asked.
export const textless: AskMutationVariables = { input: {} };

// @ts-expect-error: there is no such outcome.
export const unheard: AskMutation["askQuestion"]["outcome"] = "PERHAPS";
