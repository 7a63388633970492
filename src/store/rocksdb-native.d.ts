/** As much of the package as is used here; it brings no types of its own. */
declare module "rocksdb-native" {
  /** One end of keys or both. */
  interface Range {
    readonly gte?: Uint8Array;
    readonly lt?: Uint8Array;
  }

  interface WriteBatch {
    tryPut(key: Uint8Array, value: Uint8Array): void;
    tryDeleteRange(start: Uint8Array, end: Uint8Array): void;
    /** Written, but not synced: what a dying process leaves, a dying machine may not. */
    flush(): Promise<void>;
    destroy(): void;
  }

  interface IteratorOptions {
    readonly reverse?: boolean;
    readonly limit?: number;
    /** Entries fetched at a time. */
    readonly capacity?: number;
  }

  class RocksDB {
    constructor(path: string, options?: Readonly<Record<string, unknown>>);
    ready(): Promise<void>;
    get(key: Uint8Array): Promise<Uint8Array | null>;
    iterator(
      range: Range,
      options?: IteratorOptions,
    ): AsyncIterable<{ readonly key: Uint8Array; readonly value: Uint8Array }>;
    write(options?: { readonly capacity?: number }): WriteBatch;
    /** Puts everything written so far into files that are synced. */
    flush(): Promise<void>;
    close(): Promise<void>;
  }

  export = RocksDB;
}
