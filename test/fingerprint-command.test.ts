// `mintmark fingerprint` as a process of its own: what it prints, where, and how it ends.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { fingerprints, inFolder } from './support/fingerprints.js'

const MAIN = fileURLToPath(new URL('../cli/main.js', import.meta.url))
const FILES = {
  'src/a.ts': `import { g } from './b.js'; export const f = () => g(); export class C {} export enum E { A } export type T = 1; export default f`,
  'src/b.ts': 'export function g() { return 1 } export interface I {} const hidden = 1',
  'src/c.tsx': 'export const h = () => <a />',
  'src/types.d.ts': 'export declare const t: 1',
  'src/none.ts': 'console.log(1)',
}
const NAMES = ['src/a.ts#f', 'src/a.ts#C', 'src/a.ts#E', 'src/a.ts#default', 'src/b.ts#g', 'src/c.tsx#h']

function run(cwd: string, args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, 'fingerprint', ...args], { cwd, input, encoding: 'utf8' })
  return { status, stdout, stderr }
}

function read(cwd: string, args: readonly string[], input?: string): Record<string, string> {
  const { status, stdout, stderr } = run(cwd, args, input)
  assert.is(stderr, '')
  assert.is(status, 0)
  return JSON.parse(stdout)
}

test('--json prints the fingerprint of every export that is code', () =>
  inFolder(FILES, (root) => {
    const found = read(root, ['--json', 'src/a.ts', 'src/b.ts', 'src/c.tsx'])
    assert.equal(Object.keys(found).sort(), [...NAMES].sort())
    assert.equal(found, fingerprints(FILES))
    for (const digest of Object.values(found)) assert.match(digest, /^[0-9a-f]{64}$/)
    assert.is(found['src/a.ts#default'], found['src/a.ts#f'])
  }))

test('- reads the files from standard input, one a line', () =>
  inFolder(FILES, (root) => {
    const named = read(root, ['--json', 'src/a.ts', 'src/b.ts'])
    assert.equal(read(root, ['--json', '-'], 'src/a.ts\nsrc/b.ts\n'), named)
    assert.equal(read(root, ['--json', '-'], 'src/b.ts\r\n\r\nsrc/a.ts'), named)
    assert.equal(read(root, ['--json', 'src/a.ts', '-'], 'src/b.ts'), named)
    assert.equal(read(root, ['--json', '-'], ''), {})
  }))

test('without --json it prints one line for each export', () =>
  inFolder(FILES, (root) => {
    const { status, stdout, stderr } = run(root, ['src/a.ts', 'src/b.ts'])
    const expected = Object.entries(read(root, ['--json', 'src/a.ts', 'src/b.ts'])).map(([name, digest]) => `${digest}  ${name}\n`)
    assert.equal({ status, stdout, stderr }, { status: 0, stdout: expected.join(''), stderr: '' })
  }))

test('names are told as they were given, from any folder', () =>
  inFolder(FILES, (root) => {
    const { 'src/b.ts#g': digest } = read(root, ['--json', 'src/b.ts'])
    assert.equal(read(path.join(root, 'src'), ['--json', 'b.ts']), { 'b.ts#g': digest })
    assert.equal(read(root, ['--json', './src/b.ts']), { './src/b.ts#g': digest })
    const absolute = path.join(root, 'src/b.ts')
    assert.equal(read(root, ['--json', absolute]), { [`${absolute}#g`]: digest })
  }))

test('files without code give nothing', () =>
  inFolder(FILES, (root) => assert.equal(read(root, ['--json', 'src/none.ts', 'src/types.d.ts']), {})))

test('it leaves nothing behind in the project', () =>
  inFolder(FILES, (root) => {
    const before = readdirSync(root, { recursive: true }).sort()
    read(root, ['--json', 'src/a.ts'])
    assert.equal(readdirSync(root, { recursive: true }).sort(), before)
  }))

test('each file has the tsconfig.json that is nearest, unless --project names one', () =>
  inFolder(
    {
      'a.ts': 'export class C { x }',
      'old/a.ts': 'export class C { x }',
      'old/tsconfig.json': '{"compilerOptions": {"target": "es2020"}}',
      'other/config.json': '{"compilerOptions": {"useDefineForClassFields": false}}',
    },
    (root) => {
      const files = ['--json', 'a.ts', 'old/a.ts']
      const { 'a.ts#C': defined, 'old/a.ts#C': assigned } = read(root, files)
      assert.is.not(defined, assigned)
      const all = (digest: string | undefined) => ({ 'a.ts#C': digest, 'old/a.ts#C': digest })
      assert.equal(read(root, ['--project', 'old', ...files]), all(assigned))
      assert.equal(read(root, ['-p', 'old/tsconfig.json', ...files]), all(assigned))
      assert.equal(read(root, ['--project', 'other/config.json', ...files]), all(assigned))
      assert.equal(read(path.join(root, 'old'), ['--project', '..', '--json', 'a.ts']), { 'a.ts#C': defined })
    },
  ))

test('a project brings its own TypeScript, if that has a parser', () => {
  const require = createRequire(import.meta.url)
  const installed = (prepare: (folder: string) => void) =>
    inFolder({ ...FILES, 'node_modules/.keep': '' }, (root) => {
      prepare(path.join(root, 'node_modules/typescript'))
      return run(root, ['--json', 'src/a.ts', 'src/b.ts', 'src/c.tsx'])
    })
  const old = path.dirname(require.resolve('typescript-5.4/package.json'))
  assert.equal(JSON.parse(installed((folder) => symlinkSync(old, folder)).stdout), fingerprints(FILES))
  const withoutParser = (folder: string) => {
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'package.json'), '{"version":"7.0.0"}')
  }
  assert.equal(JSON.parse(installed(withoutParser).stdout), fingerprints(FILES))
  const broken = (folder: string) => {
    mkdirSync(folder)
    writeFileSync(path.join(folder, 'package.json'), '{"version":"5.9.0"}')
    const real = JSON.stringify(require.resolve('typescript'))
    const own = `module.exports = { ...require(${real}), createSourceFile() { throw new Error('its own parser') } }`
    writeFileSync(path.join(folder, 'index.js'), own)
  }
  assert.match(installed(broken).stderr, /its own parser/)
})

test('a file given to `mintmark check` that is not there is no clean bill', () =>
  inFolder({ ...FILES, 'tsconfig.json': '{}' }, (root) => {
    const { status, stderr } = spawnSync(process.execPath, [MAIN, 'check', 'src/a.ts', 'src/absent.ts'], { cwd: root, encoding: 'utf8' })
    assert.is(status, 2)
    assert.match(stderr, /^MM5002 src\/absent\.ts is no source file/)
  }))

const BESIDE = fileURLToPath(new URL('../../runtime/errors.ts', import.meta.url))
for (const args of [['--help'], ['fingerprint', BESIDE], ['cache', '--help']])
  test(`mintmark ${args[0]}: a reader that goes away, as \`head\` does, ends it without a word`, async () => {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let said = ''
    child.stderr.on('data', (data) => {
      said += data
    })
    const [code] = await once(child, 'close')
    assert.equal([code, said], [0, ''])
  })

test('a command that is used wrongly says where its help is', () => {
  const { stderr } = spawnSync(process.execPath, [MAIN, 'cache', 'gc', '--max-age', 'x'], { encoding: 'utf8' })
  assert.match(stderr, /\n\(mintmark cache gc --help tells more\)\n$/)
})

const FAULTS: readonly (readonly [name: string, args: readonly string[], stderr: RegExp])[] = [
  ['a file that is not there', ['src/b.ts', 'src/absent.ts'], /^MM5002 src\/absent\.ts is no source file .* Name /],
  ['a file that is no code', ['README.md'], /^MM5002 README\.md is no source file/],
  ['a folder', ['src'], /^MM5002 src is no source file/],
  ['a tsconfig that is not there', ['--project', 'absent', 'src/b.ts'], /^MM5003 .*absent.tsconfig\.json/],
  ['no files', [], /missing required argument 'files'/],
  ['an option that does not exist', ['--jsn', 'src/b.ts'], /unknown option '--jsn'/],
]
for (const [name, args, expected] of FAULTS)
  test(`${name} ends with exit code 2, a reason, and no output`, () =>
    inFolder({ ...FILES, 'README.md': '# x' }, (root) => {
      const { status, stdout, stderr } = run(root, args)
      assert.is(status, 2)
      assert.is(stdout, '')
      assert.match(stderr, expected)
      assert.not.match(stderr, /\n {4}at /)
    }))

test('a stray file in a list is told and costs nothing else', () =>
  inFolder(FILES, (root) => {
    const { status, stdout, stderr } = run(root, ['--json', '-'], 'src/absent.ts\nsrc/b.ts\n')
    assert.is(status, 0)
    assert.equal(Object.keys(JSON.parse(stdout)), ['src/b.ts#g'])
    assert.match(stderr, /^MM5002 src\/absent\.ts/)
  }))

test('code that does not parse gets a fingerprint all the same', () =>
  inFolder(
    {
      'a.ts': 'export const f = (x => { return x +\nexport const g = 1',
      'b.ts': '@dec\n',
      'c.ts': 'export const h = 1; export * from "./absent.js"; import { x } from "./absent.js"; export const i = x',
    },
    (root) => {
      assert.equal(Object.keys(read(root, ['--json', 'b.ts', 'c.ts'])).sort(), ['c.ts#h', 'c.ts#i'])
      assert.ok('a.ts#f' in read(root, ['--json', 'a.ts']))
    },
  ))

test.run()
