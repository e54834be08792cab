import { graphql } from "relay-runtime";

export const card = graphql`
  fragment QuestionCard_question on Question {
    text
    status
    cancer {
      name
    }
    answer {
      title
      reviewed
    }
  }
`;
