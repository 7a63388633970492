import { describeBook } from "../../../test/support/book-suite.ts";
import { createReferenceBook } from "./reference.ts";

describeBook("reference book", createReferenceBook);
