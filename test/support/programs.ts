// Small programs that are really run: what their step answers, so that a fingerprint can be held against what happens.

import { createRequire } from 'node:module'
import path from 'node:path'
import { inspect } from 'node:util'
import { createContext, runInContext } from 'node:vm'
import ts from 'typescript'
import * as assert from 'uvu/assert'
import { type Files, fingerprints } from './steps.js'

/** Both versions of files in which `«before|after»` marks an edit. */
export function versionsOf(files: Files): readonly [before: Files, after: Files] {
  const version = (pick: string): Files =>
    Object.fromEntries(Object.entries(files).map(([name, text]) => [name, text.replace(/«([^|»]*)\|([^»]*)»/g, pick)]))
  return [version('$1'), version('$2')]
}

export interface Answer {
  /** What the step answers, or the message of what it throws, as text. */
  readonly text: string
  /** The fields that its instance holds before the step runs, as text by name. */
  readonly fields: Readonly<Record<string, string>>
  /** Its modules could be evaluated; otherwise there is nobody to be given a remembered answer. */
  readonly isLoaded: boolean
}

const compiled = new Map<string, string>()
const builtins = createRequire(import.meta.url)

function compile(text: string): string {
  let found = compiled.get(text)
  if (found === undefined) {
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true, strict: true },
    })
    if (compiled.size > 2000) compiled.clear()
    compiled.set(text, (found = outputText))
  }
  return found
}

/** Decorators and wrappers that do nothing: what is asked is what the step answers when nothing is remembered. */
const MINTMARK = `
  class FlowSpec { next() {} }
  const step = (value) => value
  const memoize = (first) => typeof first === 'function' ? first : (value) => value
  const main = () => {}
  exports.FlowSpec = FlowSpec; exports.step = step; exports.memoize = memoize; exports.main = main; exports.retry = () => (v) => v
`

/** Evaluates `flow.ts` in a realm of its own and runs `new F().a()`, `F.a()` where `a` is static, or the exported function `f`. */
export async function answerOf(files: Files): Promise<Answer> {
  let fuel = 1000
  // An edit may have an iterator go on for ever.
  const burn = (): void => {
    if (fuel-- <= 0) throw new Error('out of fuel')
  }
  const context = createContext({ fuel: burn, console: { log() {} }, setTimeout, URL, structuredClone, process: { env: {} } })
  const loaded = new Map<string, { exports: Record<string, any> }>()

  function load(name: string): any {
    const known = loaded.get(name)
    if (known) return known.exports
    const module = { exports: {} as Record<string, any> }
    loaded.set(name, module)
    if (name.endsWith('.json')) module.exports = runInContext(`(${files[name]})`, context)
    else {
      const text = name === 'mintmark' ? MINTMARK : compile(files[name]!)
      const body = runInContext(`(function (exports, require, module) {${text}\n})`, context, { filename: name })
      body(module.exports, (s: string) => find(s, name), module)
    }
    return module.exports
  }

  function find(specifier: string, from: string): any {
    if (specifier === 'mintmark') return load('mintmark')
    if (!specifier.startsWith('.')) return builtins(specifier)
    const base = path.posix.join(path.posix.dirname(from), specifier)
    const found = [base, base.replace(/\.js$/, '.ts'), `${base}.ts`, `${base}/index.ts`].find((f) => f in files)
    if (found === undefined) throw new Error(`no ${specifier}`)
    return load(found)
  }

  const fields: Record<string, string> = {}
  let exports: any
  try {
    exports = load('flow.ts')
  } catch (error: any) {
    return { text: `throws ${error?.message}`, fields, isLoaded: false }
  }
  try {
    const { F, f } = exports
    if (typeof f === 'function') return { text: show(await inTime(f())), fields, isLoaded: true }
    if (!('a' in F.prototype)) return { text: show(await inTime(F.a())), fields, isLoaded: true }
    const flow = new F()
    for (const name of Object.keys(flow)) fields[name] = show(flow[name])
    const result = await inTime(flow.a())
    return { text: show([result, { ...flow }]), fields, isLoaded: true }
  } catch (error: any) {
    return { text: `throws ${error?.message ?? show(error)}`, fields, isLoaded: true }
  }
}

// What never answers would end the process; no answer of these takes longer than a few turns of the event loop.
async function inTime(answer: unknown): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((done) => {
    timer = setTimeout(() => done('no answer'), 500)
  })
  return Promise.race([answer, late]).finally(() => clearTimeout(timer))
}

function show(value: unknown): string {
  return inspect(value, { depth: 6, breakLength: Number.POSITIVE_INFINITY })
}

interface More {
  readonly members?: string
  readonly files?: Files
}

/** Cases of programs whose edit changes what the step answers, and so must change its fingerprint. */
export function answers(test: (name: string, body: () => Promise<void>) => void): {
  /** A flow with one step of that body, after `before`. */
  flow(name: string, before: string, body: string, more?: More): void
  run(name: string, files: Files): void
} {
  function run(name: string, files: Files): void {
    test(name, async () => {
      const [before, after] = versionsOf(files)
      const [was, is] = [await answerOf(before), await answerOf(after)]
      assert.is.not(was.text, is.text, 'the edit changes nothing that the step answers')
      assert.is.not(stampedAs(before), stampedAs(after), `the step answers ${is.text}, no longer ${was.text}`)
    })
  }

  return {
    run,
    flow(name, before, body, { members = '', files = {} } = {}) {
      const head = `import { FlowSpec, step, memoize, main } from 'mintmark'\n${before}\n`
      const step = `@step @memoize({}) async a(): Promise<any> { ${body} }`
      run(name, { 'flow.ts': `${head}export class F extends FlowSpec {\n${members}\n${step}\n}\n`, ...files })
    },
  }
}

/** The fingerprint of what `answerOf` runs. */
export function stampedAs(files: Files): string {
  const { 'F.a': method, f } = fingerprints(files)
  const found = f ?? method
  if (found === undefined) throw new Error('no step')
  return found
}
