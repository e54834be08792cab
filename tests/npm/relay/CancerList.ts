import { graphql } from "relay-runtime";

export const query = graphql`
  query CancerListQuery($count: Int!) {
    ...CancerList_query @arguments(count: $count)
  }
`;

export const list = graphql`
  fragment CancerList_query on Query
  @refetchable(queryName: "CancerListPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }) {
    cancers(first: $count, after: $cursor) @connection(key: "CancerList_cancers") {
      edges {
        node {
          id
          slug
          ...CancerList_row
        }
      }
    }
  }
`;

export const row = graphql`
  fragment CancerList_row on Cancer {
    name
    ...CancerQuestions_cancer
  }
`;
