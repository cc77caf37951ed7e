// Which TypeScript parses: the project's own if it still has a JavaScript API (5.4 to 6), else the one installed beside Mintmark.

import { createRequire } from 'node:module'
import path from 'node:path'
import { MintmarkError } from '../runtime/errors.js'

type TS = typeof import('typescript')

const CANDIDATES = ['typescript', '@typescript/typescript6']

/** Throws MM5001 when none is installed. */
export function loadTypeScript(root: string): TS {
  for (const from of [path.join(root, 'x.js'), import.meta.url]) {
    const require = createRequire(from)
    for (const name of CANDIDATES) {
      try {
        const ts = require(name) as TS
        if (typeof ts.createSourceFile === 'function') return ts
      } catch {}
    }
  }
  throw new MintmarkError(
    'MM5001',
    'no TypeScript with a parser is installed. Install one: npm i -D typescript@5.9 (beside TypeScript 7: npm i -D @typescript/typescript6).',
  )
}
