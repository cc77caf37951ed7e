// The import rules of the house, tested over its sources; and that each rule can be broken.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { PURE, type Sources, violations } from './support/imports.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const packages = [...Object.keys(dependencies), ...Object.keys(peerDependencies)]

function sourcesOf(...rooms: string[]): Sources {
  const sources: Record<string, string> = {}
  for (const room of rooms) {
    for (const name of readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })) {
      if (name.endsWith('.ts')) sources[`${room}/${name.replaceAll('\\', '/')}`] = readFileSync(join(root, room, name), 'utf8')
    }
  }
  return sources
}

const sources = sourcesOf('runtime', 'transformer', 'cli')

test('the sources keep the rules', () => {
  assert.equal(violations(sources, packages), [])
})

test('the rules look at what is there', () => {
  assert.ok(Object.keys(sources).length > 30)
  assert.equal(
    [...PURE, 'runtime/contract.ts', 'runtime/stores/s3.ts'].filter((path) => !existsSync(join(root, path))),
    [],
  )
})

const BROKEN: readonly [Sources, string][] = [
  [{ 'runtime/a.ts': `import ts from 'typescript'` }, 'runtime/a.ts imports typescript, which belongs to build time'],
  [{ 'runtime/a.ts': `import type { Node } from 'typescript'` }, 'runtime/a.ts imports typescript, which belongs to build time'],
  [{ 'runtime/a.ts': `export * from '../transformer/b.js'` }, 'runtime/a.ts imports transformer/b.ts, which belongs to build time'],
  [{ 'runtime/deep/a.ts': `await import('../../cli/main.js')` }, 'runtime/deep/a.ts imports cli/main.ts, which belongs to build time'],
  [{ 'runtime/main.ts': `import '../cli/flow.js'` }, 'runtime/main.ts imports cli/flow.ts, which belongs to build time'],
  [
    { 'runtime/main.ts': `import('../cli/flow.js')`, 'cli/flow.ts': `import './b.js'`, 'cli/b.ts': `import '../transformer/a.js'` },
    'cli/b.ts imports transformer/a.ts, and runtime/ reaches cli/b.ts',
  ],
  [
    { 'transformer/a.ts': `import type { Store } from '../runtime/store.js'` },
    'transformer/a.ts imports runtime/store.ts, though contract.ts is all it may know of runtime/',
  ],
  [{ 'transformer/a.ts': `import '../cli/main.js'` }, 'transformer/a.ts imports cli/main.ts, which is built upon it'],
  [{ 'cli/a.ts': `import type { P } from 'ts-patch'` }, 'cli/a.ts imports ts-patch, which transformer/index.ts alone may know'],
  [
    { 'runtime/stores/b.ts': `let x: typeof import('@aws-sdk/client-s3')` },
    'runtime/stores/b.ts imports @aws-sdk/client-s3, which runtime/stores/s3.ts alone may know',
  ],
  [
    { 'transformer/a.ts': `import { readFileSync } from 'node:fs'` },
    'transformer/a.ts imports node:fs, though disk.ts does all reading for it',
  ],
  [
    { 'cli/a.ts': `import { contentAt } from '../transformer/file-system.js'` },
    'cli/a.ts imports transformer/file-system.ts, though disk.ts does all reading for it',
  ],
  [{ 'transformer/a.ts': `import 'rollup'` }, 'transformer/a.ts imports rollup, which transformer/bundlers/ alone may know'],
  [{ 'transformer/register/a.ts': `import 'vite'` }, 'transformer/register/a.ts imports vite, which transformer/bundlers/ alone may know'],
  [{ 'cli/a.ts': `import fc from 'fast-check'` }, 'cli/a.ts imports fast-check, which no install brings'],
  [{ 'runtime/a.ts': 'export default 1' }, 'runtime/a.ts has a default export'],
  [{ 'runtime/a.ts': 'export default function f() {}' }, 'runtime/a.ts has a default export'],
  [{ 'runtime/a.ts': 'const f = 1; export { f as default }' }, 'runtime/a.ts has a default export'],
  [
    {
      'runtime/a.ts': `import './b.js'`,
      'runtime/b.ts': `export { c } from './c.js'`,
      'runtime/c.ts': `import { type T, a } from './a.js'`,
    },
    'import cycle: runtime/a.ts -> runtime/b.ts -> runtime/c.ts -> runtime/a.ts',
  ],
  [
    { 'runtime/key.ts': `import './b.js'`, 'runtime/b.ts': `import { readFileSync } from 'node:fs'` },
    'runtime/b.ts imports node:fs, but runtime/key.ts must be pure',
  ],
  [
    { 'runtime/index.ts': `export { a } from './a.js'`, 'runtime/a.ts': `import('./client.js')\nexport { runOnce } from './run.js'` },
    'runtime/a.ts imports runtime/run.ts, and runtime/index.ts reaches runtime/a.ts',
  ],
  [
    { 'transformer/bundlers/esbuild.ts': `import { openHost } from '../host.js'`, 'transformer/host.ts': `import 'magic-string'` },
    'transformer/host.ts imports magic-string, and a warm start loads transformer/host.ts',
  ],
  [
    { 'transformer/register.ts': `import './a.js'`, 'transformer/a.ts': `import { openProject } from './project.js'` },
    'transformer/a.ts imports transformer/project.ts, and a warm start loads transformer/a.ts',
  ],
  [{ 'transformer/link.ts': 'const now = Date.now()' }, 'transformer/link.ts uses Date.now, but transformer/link.ts must be pure'],
  [{ 'runtime/codec.ts': 'if (process.env.X) f()' }, 'runtime/codec.ts uses process.env, but runtime/codec.ts must be pure'],
]
for (const [broken, expected] of BROKEN) {
  test(`found: ${expected}`, () => assert.equal(violations(broken, ['commander', 'magic-string']), [expected]))
}

test('what is allowed is not found', () => {
  const allowed: Sources = {
    'transformer/index.ts': `import type { P } from 'ts-patch'\nimport { FORMAT } from '../runtime/contract.js'\nexport default 1`,
    'runtime/stores/s3.ts': `await import('@aws-sdk/client-s3')`,
    'runtime/a.ts': `import type { B } from './b.js'\nexport const text = "import x from 'typescript'"`,
    'runtime/b.ts': `import { a } from './a.js' // import '../cli/main.js'`,
    'runtime/key.ts': `import { hash } from 'node:crypto'\nimport type { B } from './b.js'`,
    'runtime/main.ts': `import('../cli/flow.js')`,
    'cli/flow.ts': `import '../runtime/a.js'\nimport('../transformer/index.js')`,
    'cli/main.ts': `import { program } from 'commander'\nimport '../runtime/a.js'\nimport '../transformer/index.js'`,
  }
  assert.equal(violations(allowed, ['commander', '@aws-sdk/client-s3']), [])
})

test.run()
