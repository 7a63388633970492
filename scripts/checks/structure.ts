/** Which folders exist: nothing in `src`, and nothing in `exchange`, outside the room table. */
import { listFiles, listFolders } from "../files.ts";
import { exchangePart, ROOMS, TEST_FILE } from "../rooms.ts";

/** Problems with the layout of `src` below `root`. */
export function checkStructure(root: string): string[] {
  const strangers = listFolders(root, "src")
    .filter((folder) => !(folder in ROOMS))
    .map((folder) => `src/${folder}: folder is not in the room table (scripts/rooms.ts)`);
  const loose = listFiles(root, "src")
    .filter((file) => file.split("/").length === 2)
    .map((file) => `${file}: source files stand in a room, not in src itself`);
  const isTest = new RegExp(TEST_FILE);
  const partless = listFiles(root, "src/exchange")
    .filter((file) => file.endsWith(".ts") && !isTest.test(file))
    .filter((file) => exchangePart(file.slice("src/exchange/".length)) === undefined)
    .map((file) => `${file}: not a part of exchange in the tier table (scripts/rooms.ts)`);
  return [...strangers, ...loose, ...partless];
}
