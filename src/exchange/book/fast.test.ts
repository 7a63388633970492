import { describeBook } from "../../../test/support/book-suite.ts";
import { createBookLinks, createFastBook } from "./fast.ts";

describeBook("fast book", (orders) => createFastBook(orders, createBookLinks(), 33_554_431));
