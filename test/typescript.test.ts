// Which TypeScript parses: the project's own, one beside TypeScript 7, or an error that says what to install.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { loadTypeScript } from '../transformer/typescript.js'
import { fingerprints } from './support/fingerprints.js'
import { install } from './support/install.js'
import { REPOSITORY } from './support/workbench.js'

const FILES = {
  'a.ts': `import { g } from './b.js'; export class C<T> { x: T | undefined; m = () => g(this.x as number) } export const f = () => new C()`,
  'b.ts': 'export function g(n: number): number { return n satisfies number }',
}
const MODULES = path.join(REPOSITORY, 'node_modules')
const AS = 'typescript'
const BESIDE = '@typescript/typescript6'

/** Name -> what is installed under that name: a package of this repository, or a version of a package that has nothing but that. */
type Installed = Readonly<Record<string, string>>

function inProject<T>(installed: Installed, use: (dir: string) => T): T {
  const dir = realpathSync(mkdtempSync(path.join(tmpdir(), 'mintmark-typescript-')))
  try {
    for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(dir, name), text)
    for (const [name, what] of Object.entries(installed)) {
      const folder = path.join(dir, 'node_modules', name)
      mkdirSync(path.dirname(folder), { recursive: true })
      if (/^\d/.test(what)) {
        mkdirSync(folder)
        writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: what }))
      } else symlinkSync(path.join(MODULES, what), folder, 'dir')
    }
    return use(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const FOUND: readonly (readonly [name: string, installed: Installed, version: RegExp])[] = [
  ['the oldest that fits', { [AS]: 'typescript-5.4' }, /^5\.4\./],
  ["the project's own", { [AS]: 'typescript', [BESIDE]: 'typescript-6' }, /^5\.9\./],
  ['TypeScript 6', { [AS]: 'typescript-6' }, /^6\.0\./],
  ['the one beside TypeScript 7', { [AS]: 'typescript-7', [BESIDE]: 'typescript-6' }, /^6\.0\./],
  ['the one beside a version that is too old', { [AS]: '5.3.3', [BESIDE]: 'typescript-6' }, /^6\.0\./],
  ['the one beside none at all', { [BESIDE]: 'typescript-6' }, /^6\.0\./],
  ["Mintmark's own beside TypeScript 7 alone", { [AS]: 'typescript-7' }, /^5\.9\./],
  ["Mintmark's own where the project has none", {}, /^5\.9\./],
]
for (const [name, installed, version] of FOUND)
  test(`what parses is ${name}`, () => assert.match(inProject(installed, loadTypeScript).version, version))

function print(installed: Installed): { status: number | null; stdout: string; stderr: string } {
  return inProject(installed, (dir) => {
    const args = [install(dir), 'fingerprint', '--json', 'a.ts', 'b.ts']
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8' })
    return { status, stdout, stderr }
  })
}

const REFUSED: readonly (readonly [name: string, installed: Installed, told: RegExp])[] = [
  ['nothing is installed', {}, /^MM5001 no TypeScript is installed\. Install one: npm i -D typescript@5\n$/],
  [
    'TypeScript 7 is alone',
    { [AS]: 'typescript-7' },
    /^MM5001 no TypeScript with a parser is installed; there is typescript 7\.\d+\.\d+\. Install a parser beside it: npm i -D @typescript\/typescript6\n$/,
  ],
  ['what is there is too old', { [AS]: '5.3.3' }, /^MM5001 .*; there is typescript 5\.3\.3\. Install one: npm i -D typescript@5\n$/],
]
for (const [name, installed, told] of REFUSED)
  test(`where ${name}, the command says what to install, and ends with 2`, () => {
    const { status, stdout, stderr } = print(installed)
    assert.is(status, 2)
    assert.is(stdout, '')
    assert.match(stderr, told)
  })

test('the fingerprints are the same beside TypeScript 7 and with any version that parses', () => {
  const expected = fingerprints(FILES)
  for (const installed of [
    { [AS]: 'typescript-7', [BESIDE]: 'typescript-6' },
    { [AS]: 'typescript-5.4' },
    { [AS]: 'typescript' },
    { [AS]: 'typescript-6' },
  ]) {
    const { stdout, stderr } = print(installed)
    assert.is(stderr, '')
    assert.equal(JSON.parse(stdout), expected)
  }
})

test('beside TypeScript 7 a program runs without a build, with its stamps', () =>
  inProject({ [AS]: 'typescript-7', [BESIDE]: 'typescript-6', esbuild: 'esbuild' }, (dir) => {
    const main = install(dir)
    writeFileSync(path.join(dir, 'package.json'), '{"type":"module"}')
    writeFileSync(
      path.join(dir, 'main.ts'),
      `import { memoize } from 'mintmark'\nimport { g } from './b.js'\nconst f = memoize(async (n: number) => { console.log('runs'); return g(n) })\nconsole.log(await f(1), await f(1))\n`,
    )
    const { stdout, stderr } = spawnSync(process.execPath, [main, 'run', 'main.ts'], { cwd: dir, encoding: 'utf8' })
    assert.is(stderr, '')
    assert.is(stdout, 'runs\n1 1\n')
  }))

test('one that is installed and broken is told, and no other is taken instead', () => {
  const broken = inProject({ [BESIDE]: 'typescript-6' }, (dir) => {
    mkdirSync(path.join(dir, 'node_modules/typescript'))
    writeFileSync(path.join(dir, 'node_modules/typescript/package.json'), '{"version":"5.9.0"}')
    writeFileSync(path.join(dir, 'node_modules/typescript/index.js'), 'throw new Error("it does not start")')
    try {
      return loadTypeScript(dir).version
    } catch (error) {
      return (error as Error).message
    }
  })
  assert.is(broken, 'it does not start')
})

test.run()
