// The project's own esbuild, else the one beside Mintmark.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

export interface Esbuild {
  readonly version: string
  load(): typeof import('esbuild')
}

/** Throws MM5005 when there is none. */
export function findEsbuild(root: string): Esbuild {
  for (const from of [path.join(root, 'x.js'), import.meta.url]) {
    const require = createRequire(from)
    try {
      const { version } = JSON.parse(readFileSync(require.resolve('esbuild/package.json'), 'utf8')) as { version: string }
      return { version, load: () => require('esbuild') as typeof import('esbuild') }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error
    }
  }
  throw new Error(
    'MM5005 esbuild is not installed, and without a build it is what turns TypeScript into JavaScript. Install it: npm i -D esbuild',
  )
}
