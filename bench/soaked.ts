/** Something that is done again and again, after which all should be as before. */
export interface Soaked {
  /** Whether there is more to do. */
  round(i: number): Promise<boolean>;
  /** In MB, by name. */
  memory(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}
