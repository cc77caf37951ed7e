// Reads the imports of sources, and says which of them break the rules of the house.

import { posix } from 'node:path'
import ts from 'typescript'

/** Text by path from the root, with forward slashes. */
export type Sources = Readonly<Record<string, string>>

interface Import {
  /** A path like those of Sources, or a package's or built-in module's name as written. */
  readonly target: string
  /** True when nothing of it is left at run time; `import { type T }` still loads the module. */
  readonly type: boolean
  /** True for `import(...)`. */
  readonly lazy: boolean
}

interface Module {
  readonly path: string
  readonly room: string
  readonly imports: readonly Import[]
  readonly exportsDefault: boolean
  /** `process.env`, `Date.now` and the like, as written. */
  readonly ambient: readonly string[]
}

/** These compute; whoever they import does, too. */
export const PURE = ['transformer/summarize.ts', 'transformer/link.ts', 'transformer/fingerprint.ts', 'runtime/key.ts', 'runtime/codec.ts']
const PURE_BUILTINS = new Set(['node:buffer', 'node:crypto', 'node:path', 'node:util'])

/** Of the build time, who may touch the disk: what the analysis reads goes through `disk.ts`; the others keep, write and watch. */
const ON_DISK =
  /^transformer\/(?:file-system|shelf|answers|cache-folder|host|neighbours|restamp|bundler|bundlers\/\w+|register|register\/(?:session|hooks|esbuild))\.ts$/

/** Where a bundler, a start without a build and its thread of hooks begin. */
const WARM = ['transformer/bundlers/esbuild.ts', 'transformer/register.ts', 'transformer/register/loader.ts']

/** What runs flows and reads past runs: a program that only defines flows does not load it. */
const LATE = new Set(['runtime/run.ts', 'runtime/client.ts'])

/** One line for each break, in no order. `packages` are the names that come with an install. */
export function violations(sources: Sources, packages: readonly string[]): string[] {
  const modules = new Map(Object.entries(sources).map(([path, text]) => [path, scan(path, text)]))
  const found: string[] = []
  for (const { path, room, imports, exportsDefault } of modules.values()) {
    if (exportsDefault && path !== 'transformer/index.ts') found.push(`${path} has a default export`)
    for (const { target, type, lazy } of imports) {
      const wrong = forbidden(path, room, target, lazy) ?? (!type && !installed(target, packages) ? 'which no install brings' : undefined)
      if (wrong) found.push(`${path} imports ${target}, ${wrong}`)
    }
  }
  for (const room of ['runtime', 'transformer']) found.push(...cycles(modules, room))
  found.push(...buildTimeReached(modules))
  for (const path of PURE) found.push(...impurities(modules, path))
  found.push(...loadedEarly(modules), ...loadedWarm(modules))
  return [...new Set(found)]
}

function forbidden(path: string, room: string, target: string, lazy: boolean): string | undefined {
  const name = packageOf(target)
  // A flow's file ends with `main(Flow)`, which is run time; what it starts is the command line.
  if (path === 'runtime/main.ts' && target.startsWith('cli/') && lazy) return undefined
  if (room === 'runtime' && (name === 'typescript' || /^(transformer|cli)\//.test(target))) return 'which belongs to build time'
  if (room === 'transformer' && target.startsWith('runtime/') && target !== 'runtime/contract.ts')
    return 'though contract.ts is all it may know of runtime/'
  if (room === 'transformer' && target.startsWith('cli/')) return 'which is built upon it'
  if (target === 'transformer/file-system.ts' && path !== 'transformer/disk.ts') return 'though disk.ts does all reading for it'
  if (room === 'transformer' && /^node:fs(?:\/|$)/.test(target) && !ON_DISK.test(path)) return 'though disk.ts does all reading for it'
  if (name === 'ts-patch' && path !== 'transformer/index.ts') return 'which transformer/index.ts alone may know'
  const bundler = /^(?:esbuild|vite|rollup|rolldown|webpack|@rspack\/core|unplugin)$/.test(name)
  const emits = name === 'esbuild' && path.startsWith('transformer/register/')
  if (bundler && path !== 'transformer/bundler.ts' && !path.startsWith('transformer/bundlers/') && !emits)
    return 'which transformer/bundlers/ alone may know'
  if (name.startsWith('@aws-sdk/') && path !== 'runtime/stores/s3.ts') return 'which runtime/stores/s3.ts alone may know'
  return undefined
}

function installed(target: string, packages: readonly string[]): boolean {
  return target.startsWith('node:') || target.endsWith('.ts') || packages.includes(packageOf(target))
}

function packageOf(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Imports that come round to where they began, each told once. */
function cycles(modules: ReadonlyMap<string, Module>, room: string): string[] {
  const found: string[] = []
  const done = new Set<string>()
  function visit(path: string, trail: readonly string[]): void {
    const start = trail.indexOf(path)
    if (start >= 0) found.push(`import cycle: ${[...trail.slice(start), path].join(' -> ')}`)
    if (start >= 0 || done.has(path)) return
    for (const { target, type } of modules.get(path)?.imports ?? []) {
      if (!type && target.startsWith(`${room}/`)) visit(target, [...trail, path])
    }
    done.add(path)
  }
  for (const { path } of modules.values()) if (path.startsWith(`${room}/`)) visit(path, [])
  return found
}

function loadedEarly(modules: ReadonlyMap<string, Module>): string[] {
  const reached = new Set(['runtime/index.ts'])
  const found: string[] = []
  for (const path of reached)
    for (const { target, type, lazy } of modules.get(path)?.imports ?? []) {
      if (!type && !lazy) reached.add(target)
      if (!type && !lazy && LATE.has(target)) found.push(`${path} imports ${target}, and runtime/index.ts reaches ${path}`)
    }
  return found
}

/** What a start loads that finds everything as it was: no package, and nothing that finds out. */
function loadedWarm(modules: ReadonlyMap<string, Module>): string[] {
  const reached = new Set(WARM)
  const found: string[] = []
  for (const path of reached)
    for (const { target, type, lazy } of modules.get(path)?.imports ?? []) {
      if (type || lazy || target.startsWith('node:')) continue
      if (target.endsWith('.ts') && target !== 'transformer/project.ts') reached.add(target)
      else found.push(`${path} imports ${target}, and a warm start loads ${path}`)
    }
  return found
}

/** Through cli/, and there too only by `import(...)`, may a run come to what belongs to build time. */
function buildTimeReached(modules: ReadonlyMap<string, Module>): string[] {
  const found: string[] = []
  const reached = new Set([...modules.keys()].filter((path) => path.startsWith('runtime/')))
  for (const path of reached) {
    for (const { target, type, lazy } of modules.get(path)?.imports ?? []) {
      if (type || (lazy && !path.startsWith('runtime/'))) continue
      if (target.startsWith('cli/')) reached.add(target)
      if (path.startsWith('cli/') && (packageOf(target) === 'typescript' || target.startsWith('transformer/'))) {
        found.push(`${path} imports ${target}, and runtime/ reaches ${path}`)
      }
    }
  }
  return found
}

function impurities(modules: ReadonlyMap<string, Module>, root: string): string[] {
  const found: string[] = []
  const reached = new Set([root])
  for (const path of reached) {
    const module = modules.get(path)
    for (const use of module?.ambient ?? []) found.push(`${path} uses ${use}, but ${root} must be pure`)
    for (const { target, type } of module?.imports ?? []) {
      if (type) continue
      if (target.endsWith('.ts')) reached.add(target)
      else if (target.startsWith('node:') && !PURE_BUILTINS.has(target)) found.push(`${path} imports ${target}, but ${root} must be pure`)
    }
  }
  return found
}

function scan(path: string, text: string): Module {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const imports: Import[] = []
  const ambient: string[] = []
  let exportsDefault = false
  const add = (specifier: ts.Node | undefined, type: boolean, lazy = false) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return
    const { text } = specifier
    const target = text.startsWith('.') ? posix.join(posix.dirname(path), text).replace(/\.js$/, '.ts') : text
    imports.push({ target, type, lazy })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly ?? false)
    if (ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier, node.isTypeOnly)
      if (node.exportClause && ts.isNamedExports(node.exportClause))
        exportsDefault ||= node.exportClause.elements.some(({ name }) => name.text === 'default')
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false, true)
    if (ts.isExportAssignment(node)) exportsDefault = true
    if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) exportsDefault = true
    if (ts.isPropertyAccessExpression(node) && /^(process\.\w+|Date\.now|performance\.now|Math\.random)$/.test(node.getText()))
      ambient.push(node.getText())
    ts.forEachChild(node, visit)
  }
  visit(file)
  return { path, room: path.split('/')[0]!, imports, exportsDefault, ambient }
}
