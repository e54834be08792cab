import { graphql } from "relay-runtime";

export const query = graphql`
  query QuestionListQuery($cancer: String) {
    ...QuestionList_query @arguments(cancer: $cancer)
  }
`;

export const list = graphql`
  fragment QuestionList_query on Query
  @refetchable(queryName: "QuestionListPaginationQuery")
  @argumentDefinitions(
    cancer: { type: "String" }
    count: { type: "Int", defaultValue: 10 }
    cursor: { type: "String" }
  ) {
    questions(cancer: $cancer, answered: true, first: $count, after: $cursor)
      @connection(key: "QuestionList_questions", filters: ["cancer", "answered"]) {
      edges {
        node {
          ...QuestionCard_question
        }
      }
    }
  }
`;
