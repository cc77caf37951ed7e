// Which compiler options hold for a file, and what the code feels of them (C11).

import path from 'node:path'
import type ts from 'typescript'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openDisk } from '../transformer/disk.js'
import { readFiles } from '../transformer/options.js'
import { openProject } from '../transformer/project.js'
import { fingerprint, inFolder, typescript } from './support/fingerprints.js'

const config = (useDefineForClassFields: boolean, more: object = {}): string =>
  JSON.stringify({ compilerOptions: { useDefineForClassFields }, ...more })
const FILES = {
  'tsconfig.json': config(true, { include: ['*.ts'], references: [{ path: './lib' }] }),
  'other.json': config(false),
  'lib/tsconfig.json': config(false, { compilerOptions: { composite: true, useDefineForClassFields: false } }),
  'a.ts': 'export class A { x }',
  'lib/b.ts': 'export class B { x }',
  'lib/deep/c.ts': 'export class C { x }',
  'more/d.ts': 'export class D { x }',
}

interface Given {
  readonly tsconfig?: string
  readonly compilerOptions?: ts.CompilerOptions
}

/** Whether fields define in a.ts, lib/b.ts, lib/deep/c.ts and more/d.ts. */
function fieldsDefine(given: (root: string) => Given): boolean[] {
  return inFolder(FILES, (root) => {
    const project = openProject({ ts: typescript(), root, ...given(root) })
    return ['a.ts', 'lib/b.ts', 'lib/deep/c.ts', 'more/d.ts'].map((file) => project.module(path.join(root, file))!.options.fieldsDefine)
  })
}

test('a file has the options of the nearest tsconfig', () => {
  assert.equal(
    fieldsDefine(() => ({})),
    [true, false, false, true],
  )
})

test('a tsconfig that is named holds for every file', () => {
  assert.equal(
    fieldsDefine((root) => ({ tsconfig: path.join(root, 'other.json') })),
    [false, false, false, false],
  )
})

test('the options that a host hands over hold for every file', () => {
  assert.equal(
    fieldsDefine(() => ({ compilerOptions: { useDefineForClassFields: false } })),
    [false, false, false, false],
  )
})

test('the options that a host hands over hold for the files of its tsconfig, and a referenced project has its own', () => {
  const given = (useDefineForClassFields: boolean) => (root: string) => ({
    compilerOptions: { useDefineForClassFields, configFilePath: path.join(root, 'tsconfig.json') },
  })
  assert.equal(fieldsDefine(given(false)), [false, false, false, false])
  assert.equal(fieldsDefine(given(true)), [true, false, false, true])
})

test('without a tsconfig there are no files', () =>
  inFolder('export {}', (root) => {
    const filesOf = (name: string): string[] => readFiles(typescript(), openDisk(), path.join(root, name)).map((f) => path.basename(f))
    assert.equal([filesOf('tsconfig.json'), filesOf('tsconfig.none.json')], [['a.ts'], []])
  }))

test('an import that nothing uses is evaluated where every import is kept', () => {
  const at = (verbatimModuleSyntax: boolean, value: number): string =>
    fingerprint(
      { 'a.ts': "import { x } from './w.js'\nexport const f = 1", 'w.ts': `console.log(${value})\nexport const x = 1` },
      'a.ts#f',
      {
        options: { verbatimModuleSyntax },
      },
    )
  assert.is(at(false, 1), at(false, 2))
  assert.is.not(at(true, 1), at(true, 2))
})

test('how elements are made counts', () => {
  const files = { 'a.tsx': 'export const f = () => <a />' }
  const ways = [
    { jsx: 'react' },
    { jsx: 'react', jsxFactory: 'h' },
    { jsx: 'react', jsxFactory: 'h.create' },
    { jsx: 'react', jsxFactory: 'h', jsxFragmentFactory: 'F' },
    { jsx: 'react-jsx' },
    { jsx: 'react-jsx', jsxImportSource: 'one' },
    { jsx: 'react-jsx', jsxImportSource: 'two' },
  ]
  assert.is(new Set(ways.map((options) => fingerprint(files, 'a.tsx#f', { options }))).size, ways.length)
})

test.run()
