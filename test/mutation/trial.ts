// A process in which the engine runs with all its mutants in it, one of them on at a time. Started by run.ts, which ends it when a mutant
// never comes back. The tests are bundled with the engine, so that they run in this process again and again, as fast as they can.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { mutantsOf } from './mutants.js'
import { openProbes, type Probes } from './probes.js'
import { switched } from './switches.js'

export interface Order {
  readonly root: string
  /** Files of the engine, by path from the root. */
  readonly files: readonly string[]
  readonly tests: readonly string[]
}

/** What the tests come to while no mutant is on. */
export interface Baseline {
  readonly kind: 'baseline'
  readonly tests: readonly { readonly name: string; readonly file: string; readonly ms: number; readonly failed: string | undefined }[]
  /** In which tests a mutant may make a difference, by its number; `everywhere` where it does while the modules are evaluated. */
  readonly felt: readonly (readonly number[] | 'everywhere')[]
  /** How many probes a test passes. */
  readonly steps: readonly number[]
}

export interface Trial {
  readonly kind: 'trial'
  readonly mutant: number
  /** Numbers of tests, in the order in which to run them; the first that fails ends the trial. */
  readonly tests: readonly number[]
  /** How many switches each of them may pass. */
  readonly limits: readonly number[]
  /** The mutant bears on what is evaluated once. */
  readonly fresh: boolean
}

export interface Verdict {
  readonly kind: 'verdict'
  readonly mutant: number
  readonly killer: number | undefined
  readonly message: string
}

/** What the process is asked for, after its order. */
export type Message = Trial | { readonly kind: 'baseline' }

type Test = readonly [name: string, body: () => unknown, file: string]

const NONE = -1
const state = { active: NONE, steps: 0, limit: Number.POSITIVE_INFINITY }

function isOn(id: number): boolean {
  if (++state.steps > state.limit) throw new Error('a mutant that never ends')
  return id === state.active
}

/** In the place of uvu: tests are handed over, not run. */
const UVU = `
export const test = (name, body) => own.push([name, async () => { for (const h of before) await h(); try { await body() } finally { for (const h of after) await h() } }])
const own = [], before = [], after = []
test.before = () => {}
test.after = () => {}
test.before.each = (hook) => before.push(hook)
test.after.each = (hook) => after.push(hook)
test.run = () => __tests.push(...own.map((found) => [...found, __file]))
`

async function bundle(
  { root, files, tests }: Order,
  how: 'switches' | 'probes',
): Promise<{ readonly code: string; readonly count: number }> {
  const texts = new Map<string, string>()
  let count = 0
  for (const file of files) {
    const text = readFileSync(path.join(root, file), 'utf8')
    const found = mutantsOf(text)
    texts.set(path.join(root, file), switched(text, found, count, how))
    count += found.length
  }
  const plugin: Plugin = {
    name: 'mutants',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^uvu$/ }, ({ importer }) => ({ path: importer, namespace: 'uvu' }))
      onLoad({ filter: /.*/, namespace: 'uvu' }, ({ path: file }) => ({
        contents: `const __file = ${JSON.stringify(path.basename(file))}\n${UVU}`,
        loader: 'js',
      }))
      onLoad({ filter: /\.ts$/ }, ({ path: file }) => {
        const contents = texts.get(file)
        return contents === undefined ? undefined : { contents, loader: 'ts' }
      })
    },
  }
  const { outputFiles } = await build({
    stdin: { contents: tests.map((test) => `import './${test}'`).join('\n'), resolveDir: root },
    ...{ bundle: true, format: 'cjs', platform: 'node', target: 'node20', write: false, packages: 'external', logLevel: 'error' },
    define: { 'import.meta.url': '__url' },
    plugins: [plugin],
  })
  return { code: outputFiles[0]!.text, count }
}

function load(code: string, root: string, probes?: Probes): Test[] {
  const place = path.join(root, 'dist/test/bundle.js')
  const tests: Test[] = []
  const module = { exports: {} }
  const program = new Function('require', 'module', 'exports', '__url', '__mutant', '__reach', '__probe', '__tests', code)
  program(createRequire(place), module, module.exports, pathToFileURL(place).href, isOn, probes?.reach, probes?.probe, tests)
  return tests
}

async function failureOf([, body]: Test): Promise<string | undefined> {
  try {
    await body()
    return undefined
  } catch (error) {
    return String((error as Error)?.message ?? error)
  }
}

async function probeAll(order: Order): Promise<Baseline> {
  const { code, count } = await bundle(order, 'probes')
  const probes = openProbes(count)
  load(code, order.root, probes)
  probes.steps()
  const tests = load(code, order.root, probes)
  const early = probes.felt()
  const felt: number[][] = Array.from({ length: count }, () => [])
  const steps: number[] = []
  const outcomes: Baseline['tests'][number][] = []
  for (const [i, test] of tests.entries()) {
    probes.count()
    const started = performance.now()
    const failed = await failureOf(test)
    outcomes.push({ name: test[0], file: test[2], ms: performance.now() - started, failed })
    steps.push(probes.steps())
    await failureOf(test)
    for (const id of probes.felt()) felt[id]!.push(i)
  }
  return { kind: 'baseline', tests: outcomes, steps, felt: felt.map((list, id) => (early.has(id) ? 'everywhere' : list)) }
}

async function open(order: Order): Promise<void> {
  const { code } = await bundle(order, 'switches')
  let tests = load(code, order.root)

  async function attempt({ mutant, tests: chosen, limits, fresh }: Trial): Promise<Verdict> {
    const verdict = (killer: number | undefined, message = ''): Verdict => ({ kind: 'verdict', mutant, killer, message })
    state.active = mutant
    try {
      if (fresh) tests = load(code, order.root)
      for (const [n, i] of chosen.entries()) {
        state.steps = 0
        state.limit = limits[n]!
        const failed = await failureOf(tests[i]!)
        if (failed !== undefined) return verdict(i, failed)
      }
      return verdict(undefined)
    } catch (error) {
      return verdict(NONE, String(error))
    } finally {
      state.active = NONE
      state.limit = Number.POSITIVE_INFINITY
      if (fresh) tests = load(code, order.root)
    }
  }

  process.on('message', async (message: Message) => {
    process.send!(message.kind === 'baseline' ? await probeAll(order) : await attempt(message))
  })
  process.send!({ kind: 'ready' })
}

console.log = () => {}
process.on('unhandledRejection', () => {})
process.on('disconnect', () => process.exit())
process.once('message', (order: Order) => void open(order))
