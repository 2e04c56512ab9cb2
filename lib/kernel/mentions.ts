/** Whether a cell names a package, or a module of it, in quotes. */
export function mentions(code: string, name: string): boolean {
  return ["'", '"'].some((quote) =>
    [quote, '/'].some((end) => code.includes(`${quote}${name}${end}`)),
  );
}
