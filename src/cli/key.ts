/**
 * Where a signing key comes from: a reference (`env:NAME`, `file:PATH`), never the key itself on the
 * command line. On a local exchange a fresh key is made once and kept in a file that only its owner
 * can read.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Hex } from "../base/hex.ts";
import { EXIT, ExitError } from "./exit-code.ts";

const KEY_FORM = /^0x[0-9a-f]{64}$/;
const LOCAL_HOSTS = new Set(["127.0.0.1", "localhost", "[::1]"]);

/** Whether a URL points at this machine. */
export const isLocalUrl = (url: string): boolean => LOCAL_HOSTS.has(new URL(url).hostname);

/** The key that a reference names, or the local key of a state folder where none is given. */
export function signingKey(reference: string | undefined, url: string, stateFolder: string): Hex {
  if (reference !== undefined) return keyOfReference(reference);
  if (!isLocalUrl(url)) {
    throw new ExitError(
      EXIT.auth,
      `${url} is not on this machine and needs a key: name one with --key env:NAME or --key file:PATH`,
    );
  }
  return localKey(stateFolder);
}

function keyOfReference(reference: string): Hex {
  const [kind, ...rest] = reference.split(":");
  const place = rest.join(":");
  if (kind === "env") return checkedKey(process.env[place] ?? "", `environment variable ${place}`);
  if (kind === "file") {
    if (!existsSync(place)) throw new ExitError(EXIT.auth, `the key file ${place} does not exist`);
    return checkedKey(readFileSync(place, "utf8"), `file ${place}`);
  }
  throw new ExitError(
    EXIT.auth,
    "--key takes a reference and not the key itself: env:NAME or file:PATH",
  );
}

/** The key as 0x and 64 digits; the message never repeats what was found. */
function checkedKey(text: string, place: string): Hex {
  const bare = text.trim().toLowerCase();
  const key = bare.startsWith("0x") ? bare : `0x${bare}`;
  if (KEY_FORM.test(key)) return key as Hex;
  throw new ExitError(EXIT.auth, `the ${place} holds no private key: 64 hex digits are needed`);
}

function localKey(folder: string): Hex {
  const path = join(folder, "local.key");
  if (existsSync(path)) return checkedKey(readFileSync(path, "utf8"), `file ${path}`);
  mkdirSync(folder, { recursive: true });
  const key: Hex = `0x${randomBytes(32).toString("hex")}`;
  writeFileSync(path, `${key}\n`, { mode: 0o600 });
  return key;
}
