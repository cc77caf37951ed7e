// What a clean install rests on: package.json and the lock file beside it.

import { execSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly hasInstallScript?: boolean
}

const root = new URL('../../', import.meta.url)
const read = (name: string) => JSON.parse(readFileSync(new URL(name, root), 'utf8'))
const manifest = read('package.json')
const locked: Readonly<Record<string, Locked>> = read('package-lock.json').packages

test("the lock file holds every dependency, other platforms' too: `npm ci` refuses it otherwise", () => {
  const missing = Object.entries(locked).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !found(path, name)),
  )
  assert.equal(missing, [])
})

/** As Node looks for it: in the package's own node_modules, then in those of the folders above. */
function found(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, at.lastIndexOf('/node_modules/'))) {
    if (`${at}/node_modules/${name}`.replace(/^\//, '') in locked) return true
    if (!at.includes('/node_modules/')) return `node_modules/${name}` in locked
  }
}

test('what package.json hands out is packed, the documents too, and no tests', () => {
  const [{ files }] = JSON.parse(
    execSync('npm pack --dry-run --json --ignore-scripts', { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  )
  const packed: readonly string[] = files.map(({ path }: { path: string }) => path)
  const handedOut = [...Object.values(manifest.exports), manifest.bin]
    .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target as Record<string, string>)))
    .map((file) => file.replace('./', ''))
  const missing = [...handedOut, 'README.md', 'CHANGELOG.md', 'LICENSE', 'docs/errors.md'].filter((file) => !packed.includes(file))
  assert.equal([missing, packed.filter((file) => /^(?:test|bench)|^dist\/(?:test|bench)/.test(file))], [[], []])
})

test('every dependency is imported somewhere', () => {
  const sources = ['runtime', 'transformer', 'cli'].flatMap((room) =>
    readdirSync(new URL(`../../${room}/`, import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(new URL(`../../${room}/${name}`, import.meta.url), 'utf8')),
  )
  const unused = Object.keys(manifest.dependencies).filter((name) => !sources.some((text) => text.includes(` from '${name}'`)))
  assert.equal(unused, [])
})

test('whether an install script may run is settled for each package that has one', () => {
  const scripted = Object.entries(locked).filter(([, { hasInstallScript }]) => hasInstallScript)
  const unsettled = scripted.map(([path]) => path.split('node_modules/').at(-1)!).filter((name) => !(name in manifest.allowScripts))
  assert.equal(unsettled, [])
})

test('the package hands out what runtime/index.ts has, from a few files: to load one costs more than what is in it', async () => {
  const entry = import.meta.resolve('mintmark')
  assert.equal(Object.keys(await import(entry)), Object.keys(await import('../runtime/index.js')))
  const loaded = new Set<string>()
  const load = (url: URL) => {
    if (loaded.has(url.href)) return
    loaded.add(url.href)
    for (const [, path] of readFileSync(url, 'utf8').matchAll(/^(?:import .*|} )from "(\..+)";$/gm)) load(new URL(path!, url))
  }
  load(new URL(entry))
  assert.ok(loaded.size > 2 && loaded.size < 10, [...loaded].join('\n'))
})

// `import process from 'node:process'` asks for all that `process` has, also for its streams, which are made when they are first asked for.
test('to load the package opens no standard stream: who reads standard input by calls still waits for it', async () => {
  const program = `import ${JSON.stringify(import.meta.resolve('mintmark'))}; import fs from 'node:fs'; fs.writeSync(1, String(fs.readSync(0, Buffer.alloc(9))))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (data) => {
    said += data
  })
  child.stdin.on('error', () => {})
  setTimeout(() => child.stdin.end('four'), 700)
  await once(child, 'close')
  assert.is(said, '4')
})

test('what tspc loads is one file, and the same plugin', async () => {
  const entry = import.meta.resolve('mintmark/transformer')
  const [bundled, apart] = await Promise.all([import(entry), import('../transformer/index.js')])
  assert.equal(Object.keys(bundled), Object.keys(apart))
  assert.is(typeof bundled.default, 'function')
  assert.not.match(readFileSync(new URL(entry), 'utf8'), /^(?:import .*|} )from "\.|^const \w+ = createRequire\(import\.meta\.url\)/m)
})

test.run()
