import fc from "fast-check";
import { expect, test } from "vitest";
import { createByteIndex, findByWords, indexRow, unindexRow, wordsOfBytes } from "./byte-index.ts";
import { addRecord, addRow, addTable, createRegister } from "./column.ts";

test("an index answers as a map does, whatever is added and removed in whatever order", () => {
  const step = fc.record({
    add: fc.boolean(),
    key: fc.uint8Array({ minLength: 16, maxLength: 16, max: 1 }),
    owner: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const table = addTable(createRegister(), "t", 1_000);
      const rows = addRecord(table, "rows", 24);
      const index = createByteIndex(rows, { at: 1, length: 4, ownerAt: 5 });
      const model = new Map<string, number>();
      for (const { add, key, owner } of steps) {
        const name = `${owner}:${key.join()}`;
        const row = model.get(name);
        expect(findByWords(index, wordsOfBytes(key, 0, 16), 0, owner)).toBe(row ?? -1);
        if (add && row === undefined) {
          const added = addRow(table);
          rows.data.set(key, added * 24 + 4);
          rows.i32[added * 6 + 5] = owner;
          indexRow(index, added);
          model.set(name, added);
        } else if (!add && row !== undefined) {
          unindexRow(index, row);
          model.delete(name);
        }
      }
      for (const [name, row] of model) {
        const [owner, bytes] = name.split(":") as [string, string];
        expect(
          findByWords(
            index,
            wordsOfBytes(Uint8Array.from(bytes.split(",").map(Number)), 0, 16),
            0,
            Number(owner),
          ),
        ).toBe(row);
      }
      expect(index.count).toBe(model.size);
    }),
  );
});
