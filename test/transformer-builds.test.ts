// A stamp that was baked yesterday and is not emitted again today is a stale hit: the ways of building one project with `tspc`. Those of
// `--build` are in transformer-references.test.ts, other versions of TypeScript in transformer-versions.test.ts.

import { test } from 'uvu'
import { type Mode, testMode } from './support/tspc-modes.js'
import { onePackage } from './support/tspc-projects.js'

const declaration = { incremental: true, declaration: true }

const MODES: readonly Mode[] = [
  { name: 'incremental', project: onePackage({ incremental: true }), args: ['-p', '.'] },
  {
    name: 'incremental with isolatedModules, CommonJS',
    project: onePackage({ incremental: true, isolatedModules: true }, 'commonjs'),
    args: ['-p', '.'],
  },
  { name: 'incremental with declarations', project: onePackage(declaration), args: ['-p', '.'] },
]
MODES.forEach(testMode)

test.run()
