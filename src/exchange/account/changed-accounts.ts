/**
 * Which accounts' money or positions changed since somebody last went through them: a mark and a
 * place in a list for each, so that saying it again costs a look at one byte. Derived: a restored or
 * forked state starts with all of them. Nothing is allocated once the arrays are as long as the
 * accounts are many.
 */

/** Accounts that changed; emptied by whoever goes through them. */
export interface ChangedAccounts {
  /** Each account at most once; the first `count` are valid. */
  list: Int32Array;
  /** 1 = on the list, by account. */
  marks: Uint8Array;
  count: number;
  /** Every account counts as changed, listed or not. */
  isAll: boolean;
}

/** None. */
export const createChangedAccounts = (): ChangedAccounts => ({
  list: new Int32Array(64),
  marks: new Uint8Array(64),
  count: 0,
  isAll: false,
});

/** Puts an account on the list unless it stands there. */
export function markChanged(changed: ChangedAccounts, account: number): void {
  if (account >= changed.marks.length) grow(changed, account + 1);
  if (changed.marks[account] !== 0) return;
  changed.marks[account] = 1;
  changed.list[changed.count] = account;
  changed.count += 1;
}

/** Forgets the list: every account counts as changed from now on. */
export function markAllChanged(changed: ChangedAccounts): void {
  changed.marks.fill(0);
  changed.count = 0;
  changed.isAll = true;
}

/** Whether an account changed. */
export const isChanged = (changed: ChangedAccounts, account: number): boolean =>
  changed.isAll || changed.marks[account] === 1;

function grow(changed: ChangedAccounts, least: number): void {
  let length = changed.marks.length;
  while (length < least) length *= 2;
  const marks = new Uint8Array(length);
  marks.set(changed.marks);
  changed.marks = marks;
  const list = new Int32Array(length);
  list.set(changed.list);
  changed.list = list;
}
