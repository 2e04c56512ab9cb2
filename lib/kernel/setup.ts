/** What a project brings to its kernel. Modules are named by their whole paths. */
export interface Setup {
  /**
   * A module that exports `mimeBundle(value)`, a `MimeBundle` or a promise of one: how objects are
   * shown. What it does not know it leaves to `valueBundle`. Loaded when first needed.
   */
  readonly display?: string;
  /**
   * Modules to load when a cell mentions a package, before it is loaded, by the package's name: how its
   * values print.
   */
  readonly companions?: Readonly<Record<string, string>>;
  /**
   * Packages that most notebooks import. Their declarations are kept ready, and they are loaded
   * already while the first cell that mentions them is compiled.
   */
  readonly packages?: readonly string[];
  /** Messages of errors that are told in one line. */
  readonly brief?: readonly string[];
  /** How a cell calls what shows the output of another again, before the number in parentheses. */
  readonly showAgain?: string;
}
