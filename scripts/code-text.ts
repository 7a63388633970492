/**
 * Blanks out comments, string contents and regular expressions, so that a scan for banned words
 * sees code alone. Length and line breaks stay, so positions hold. Code inside `${}` stays too.
 */

const REGEX_MAY_FOLLOW =
  /(?:[=(,;:!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|in|of|void|throw))\s*$/;

const blank = (text: string): string => text.replace(/[^\n]/g, " ");

/** End of a quoted string that opens at `start`, past its closing quote. */
function quotedEnd(source: string, start: number): number {
  const quote = source[start];
  let at = start + 1;
  while (at < source.length && source[at] !== quote && source[at] !== "\n") {
    at += source[at] === "\\" ? 2 : 1;
  }
  return at + 1;
}

/** End of a regular expression that opens at `start`, past its closing slash. */
function regexEnd(source: string, start: number): number {
  let inClass = false;
  let at = start + 1;
  while (at < source.length && source[at] !== "\n") {
    const char = source[at];
    if (char === "\\") at += 1;
    else if (char === "[") inClass = true;
    else if (char === "]") inClass = false;
    else if (char === "/" && !inClass) break;
    at += 1;
  }
  return at + 1;
}

/** End of a comment that opens at `start`, or undefined where none opens. */
function commentEnd(source: string, start: number): number | undefined {
  const opener = source.slice(start, start + 2);
  if (opener !== "//" && opener !== "/*") return undefined;
  const close = source.indexOf(opener === "//" ? "\n" : "*/", start + 2);
  if (close < 0) return source.length;
  return opener === "//" ? close : close + 2;
}

/** End of a template's text from `start`: past a closing backtick, or past an opening `${`. */
function templateTextEnd(source: string, start: number): number {
  let at = start;
  while (at < source.length) {
    if (source[at] === "\\") at += 2;
    else if (source[at] === "`") return at + 1;
    else if (source.startsWith("${", at)) return at + 2;
    else at += 1;
  }
  return at;
}

/** End of the stretch to blank at `at`, or undefined where code stands. */
function blankEnd(source: string, at: number, code: string): number | undefined {
  const char = source[at];
  if (char === '"' || char === "'") return quotedEnd(source, at);
  if (char === "`") return templateTextEnd(source, at + 1);
  if (char !== "/") return undefined;
  const comment = commentEnd(source, at);
  if (comment !== undefined) return comment;
  return REGEX_MAY_FOLLOW.test(code.slice(-40)) || code.trim() === ""
    ? regexEnd(source, at)
    : undefined;
}

/** The code of a source text, everything else blanked. */
export function codeText(source: string): string {
  let code = "";
  const depths: number[] = [];
  let depth = 0;
  let at = 0;
  while (at < source.length) {
    const char = source[at] ?? "";
    const closesExpression = char === "}" && depths.at(-1) === depth;
    const end = closesExpression ? templateTextEnd(source, at + 1) : blankEnd(source, at, code);
    if (end === undefined) {
      if (char === "{") depth += 1;
      if (char === "}") depth -= 1;
      code += char;
      at += 1;
      continue;
    }
    if (closesExpression) depths.pop();
    const isTemplateText = closesExpression || char === "`";
    if (isTemplateText && source.slice(end - 2, end) === "${") depths.push(depth);
    code += isTemplateText
      ? blank(source.slice(at, end)).replace(/ $/, ";")
      : blank(source.slice(at, end));
    at = end;
  }
  return code;
}

/** Line number, from 1, of a position in a text. */
export function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < position; at = text.indexOf("\n", at + 1)) {
    line += 1;
  }
  return line;
}
