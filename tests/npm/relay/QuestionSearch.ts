import { graphql } from "relay-runtime";

export const query = graphql`
  query QuestionSearchQuery($text: String!) {
    ...QuestionSearch_query @arguments(text: $text)
  }
`;

export const found = graphql`
  fragment QuestionSearch_query on Query
  @refetchable(queryName: "QuestionSearchPaginationQuery")
  @argumentDefinitions(
    text: { type: "String!" }
    count: { type: "Int", defaultValue: 10 }
    cursor: { type: "String" }
  ) {
    searchQuestions(text: $text, first: $count, after: $cursor)
      @connection(key: "QuestionSearch_searchQuestions") {
      correctedText
      edges {
        score
        node {
          ...QuestionCard_question
        }
      }
    }
  }
`;
