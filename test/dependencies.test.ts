// Which files the stamps of a module rest on: who keeps the stamps asks again when one of them changes, or when a folder holds a new one.

import { realpathSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openReader } from '../transformer/analysis.js'
import { includingIn, readDependencies } from '../transformer/dependencies.js'
import { openProject } from '../transformer/project.js'
import { inFolder } from './support/fingerprints.js'

const pkg = (name: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, version: '1.0.0', main: 'index.js' }),
  [`node_modules/${name}/index.js`]: 'exports.p = 1',
  [`node_modules/${name}/jsx-runtime.js`]: 'exports.jsx = 1',
})
const PROJECT = {
  ...pkg('pkg'),
  ...pkg('ui'),
  'package.json': '{"private": true}',
  'tsconfig.json': '{}',
  'b.ts': `export * from './c.js'`,
  'c.ts': 'export const c = 1',
  'd.json': '{"d": 1}',
  'e.csv': '1',
  'doc.ts': 'export class Doc { n = 1 }',
  'pages/one.ts': 'export const one = 1',
  'pages/two.ts': `import '../c.js'; export const two = 2`,
  'queries/one.sql': '1',
  'queries/two.sql': '2',
  'queries/deep/three.sql': '3',
  'other.ts': 'export const other = 1',
}
const BY_ITSELF = ['a.ts', 'package.json', 'tsconfig.json']

/** Of `a.ts`, from the root; what it has by itself left out. */
function restsOn(text: string, more: Record<string, string> = {}): { files: string[]; folders: string[] } {
  return inFolder({ ...PROJECT, 'a.ts': text, ...more }, (given) => {
    const root = realpathSync(given)
    const reader = openReader(openProject({ ts, root }))
    const of = readDependencies()
    const module = reader.graph.project.module('a.ts')!
    const { files, folders } = of(module, includingIn(reader.stepsOf(module)))
    assert.equal(of(module, includingIn(reader.stepsOf(module))), { files, folders }, 'what is asked again is answered as before')
    const names = files.map((file) => path.relative(root, file))
    for (const own of BY_ITSELF) assert.ok(names.includes(own), own)
    return { files: names.filter((name) => !BY_ITSELF.includes(name)), folders: folders.map((folder) => path.relative(root, folder)) }
  })
}

const STEP = 'import { memoize } from "mintmark"; export const f = memoize(async'
for (const [name, text, files, folders = []] of [
  ['by itself', `interface I {} export type { I }; export const f = 1`, []],
  ['imports, however far', `import { c } from './b.js'; ${STEP} () => c)`, ['b.ts', 'c.ts']],
  ['imports of modules without a step', `import './b.js'`, ['b.ts', 'c.ts']],
  ['exports of others', `export { c } from './c.js'`, ['c.ts']],
  ['JSON', `import d from './d.json'; ${STEP} () => d)`, ['d.json']],
  ['what is loaded when it runs', `${STEP} async () => import('./c.js'))`, ['c.ts']],
  [
    'what is loaded by what createRequire made',
    `import { createRequire } from 'module'; const load = createRequire(import.meta.url); export const f = () => load('./c.js')`,
    ['c.ts'],
  ],
  ['files that are named', `${STEP} () => new URL('./e.csv', import.meta.url))`, ['e.csv']],
  ['files that are imported', `import e from './e.csv'; ${STEP} () => e)`, ['e.csv']],
  ['packages', `import { p } from 'pkg'; ${STEP} () => p)`, ['node_modules/pkg/package.json']],
  ['what comes with Node', `import fs from 'node:fs'; ${STEP} () => fs)`, []],
  ['classes of which only the type is named', `import type { Doc } from './doc.js'; ${STEP} (x: Doc) => x.n)`, ['doc.ts']],
  ['types that are handed on', `export type { Doc } from './doc.js'`, ['doc.ts']],
  ['types that are all handed on', `export type * from './doc.js'`, ['doc.ts']],
  ['types that are named where they are used', `${STEP} (x: import('./doc.js').Doc) => x.n)`, ['doc.ts']],
  [
    'files of a folder',
    `/** @mintmark include ./queries/*.sql */ const q = 1; ${STEP} () => q)`,
    ['queries/one.sql', 'queries/two.sql'],
    ['queries'],
  ],
  ['one file', `/** @mintmark include ./queries/one.sql */ const q = 1; ${STEP} () => q)`, ['queries/one.sql'], ['queries']],
  [
    'files of several folders',
    `// @mintmark include ./queries/**/*.sql\n// @mintmark include ./pages/*.ts\nconst q = 1; ${STEP} () => q)`,
    ['pages/one.ts', 'pages/two.ts', 'queries/deep/three.sql', 'queries/one.sql', 'queries/two.sql'],
    ['pages', 'queries'],
  ],
  [
    'modules by a pattern',
    `${STEP} () => import.meta.glob(['./pages/*.ts', '!./queries/*.sql']))`,
    ['c.ts', 'pages/one.ts', 'pages/two.ts'],
    ['pages'],
  ],
  ['files that no step reaches', `/** @mintmark include ./queries/*.sql */ const q = 1; ${STEP} () => 1)`, []],
] as const)
  test(`the stamps of a module rest on ${name}`, () => assert.equal(restsOn(text), { files, folders }))

test('the stamps of a module with JSX rest on the package whose functions it calls', () => {
  const options = JSON.stringify({ compilerOptions: { jsx: 'react-jsx', jsxImportSource: 'ui' } })
  assert.equal(restsOn(`export const f = 1`, { 'tsconfig.json': options }).files, ['node_modules/ui/package.json'])
})

test.run()
