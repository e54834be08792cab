import { graphql } from "relay-runtime";

export const query = graphql`
  query AnswerPageQuery($id: ID!) {
    node(id: $id) {
      ...AnswerPage_answer @alias(as: "answer")
    }
  }
`;

export const answer = graphql`
  fragment AnswerPage_answer on Answer @refetchable(queryName: "AnswerPageRefetchQuery") {
    title
    sections {
      heading
      markdown
    }
    citations {
      number
      quote
      source {
        title
        url
      }
    }
    disclaimer {
      text
    }
  }
`;

export const ask = graphql`
  mutation AnswerPageAskMutation($input: AskQuestionInput!) {
    askQuestion(input: $input) {
      outcome
      answer {
        ...AnswerPage_answer
      }
      generation {
        id
      }
      errors {
        __typename
        ... on UserError {
          message
        }
      }
    }
  }
`;

export const follow = graphql`
  subscription AnswerPageFollowSubscription($id: ID!, $after: Int) {
    generationEvents(generationId: $id, after: $after) {
      __typename
      sequence
      ... on AnswerTextAdded {
        text
      }
      ... on GenerationCompleted {
        answer {
          ...AnswerPage_answer
        }
      }
    }
  }
`;
