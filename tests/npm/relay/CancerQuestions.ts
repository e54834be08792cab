import { graphql } from "relay-runtime";

export const questions = graphql`
  fragment CancerQuestions_cancer on Cancer
  @refetchable(queryName: "CancerQuestionsPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 2 }, cursor: { type: "String" }) {
    questions(first: $count, after: $cursor) @connection(key: "CancerQuestions_questions") {
      edges {
        node {
          ...QuestionCard_question
        }
      }
    }
  }
`;
