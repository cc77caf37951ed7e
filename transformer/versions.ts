// What an incremental compiler goes by when it decides which files to emit again: the version of a source file, which it keeps in memory and
// in `.tsbuildinfo`. A version with the digest of the stamps in it has a file emitted again when a helper modules away changes, or a package.
// Internal to TypeScript: guarded by a test for each version of it.

import type ts from 'typescript'

type Versioned = ts.SourceFile & { version?: string }

// A watching compiler uses a SourceFile again, so what it was called before is kept apart.
const originals = new WeakMap<ts.SourceFile, string>()

/** What the compiler calls the text of the file. */
export function ownVersion(file: Versioned): string | undefined {
  const found = originals.get(file) ?? file.version
  if (found !== undefined) originals.set(file, found)
  return found
}

/** Gives the file its own version, with `more` after it. */
export function setVersion(file: ts.SourceFile, more = ''): void {
  const own = ownVersion(file)
  if (own !== undefined) (file as Versioned).version = more === '' ? own : `${own}-${more}`
}
