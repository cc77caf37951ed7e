// Where a specifier leads, by the rules of TypeScript and Node: a file of the project, a package, a module of Node, or nothing.

import { isBuiltin } from 'node:module'
import path from 'node:path'
import type ts from 'typescript'
import type { Disk } from './disk.js'
import type { Options } from './options.js'
import { type Packages, packageName } from './packages.js'
import type { TS } from './pen.js'
import type { References } from './references.js'
import { aliased, type Replacements } from './replacements.js'
import { packageMode } from './settings.js'
import { systemOf } from './system.js'

export type Place =
  /** `query`: asked for by one such as `?raw`, so that it counts by its content whatever it is, and by the query; else empty. */
  | { readonly kind: 'file'; readonly file: string; readonly query: string }
  /** `files`: the package.json files that the identity comes from. */
  | {
      readonly kind: 'package'
      readonly identity: string
      readonly name: string
      readonly subpath: string
      readonly files: readonly string[]
    }
  | { readonly kind: 'builtin'; readonly name: string }
  | { readonly kind: 'missing'; readonly specifier: string }

export interface ResolverOptions {
  readonly ts: TS
  readonly disk: Disk
  readonly root: string
  readonly packages: Packages
  readonly references: References
  readonly replacements: Replacements
}

const CANDIDATES = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs']
const SOURCES_OF: Record<string, string[]> = { '.js': ['.ts', '.tsx'], '.mjs': ['.mts'], '.cjs': ['.cts'], '.jsx': ['.tsx'] }

/** `noDtsResolution` is internal to TypeScript; it leaves out `types` and declarations. Guarded by tests with each version. */
function running({ ModuleKind, ModuleResolutionKind }: TS, { baseUrl, paths, ...compiler }: ts.CompilerOptions): ts.CompilerOptions {
  const { NodeNext } = ModuleKind
  return { ...compiler, module: NodeNext, moduleResolution: ModuleResolutionKind.NodeNext, noDtsResolution: true }
}

export function openResolver({
  ts,
  disk,
  root,
  packages,
  references,
  replacements,
}: ResolverOptions): (specifier: string, from: string, own: Options) => Place {
  const { isFile, realpath } = disk
  const system = systemOf(ts, disk)
  const caches = new Map<ts.CompilerOptions, ts.ModuleResolutionCache>()
  const asNode = new Map<ts.CompilerOptions, ts.CompilerOptions>()

  function resolveRelative(specifier: string, from: string): string | undefined {
    const base = path.resolve(path.dirname(from), specifier)
    const extension = path.extname(base)
    for (const source of SOURCES_OF[extension] ?? []) {
      const candidate = base.slice(0, -extension.length) + source
      if (isFile(candidate)) return candidate
    }
    if (extension !== '' && isFile(base)) return base
    for (const candidate of CANDIDATES) if (isFile(base + candidate)) return base + candidate
    for (const candidate of CANDIDATES) if (isFile(path.join(base, `index${candidate}`))) return path.join(base, `index${candidate}`)
    return undefined
  }

  function ask(specifier: string, from: string, compiler: ts.CompilerOptions, isModule = false): ts.ResolvedModuleFull | undefined {
    let cache = caches.get(compiler)
    if (cache === undefined) caches.set(compiler, (cache = ts.createModuleResolutionCache(root, (f) => f, compiler)))
    const host = references.hostOf(compiler.configFilePath as string | undefined)
    // Whether conditions of `exports` are met is not the same for an ES module and for CommonJS.
    const implied = ts.getImpliedNodeFormatForFile(from as ts.Path, cache.getPackageJsonInfoCache(), system, compiler)
    return ts.resolveModuleName(specifier, from, compiler, host, cache, undefined, isModule ? ts.ModuleKind.ESNext : implied).resolvedModule
  }

  function resolveByCompiler(specifier: string, from: string, { compiler }: Options): string | undefined {
    const found = ask(specifier, from, compiler)
    return found && codeFor(found.resolvedFileName, compiler)
  }

  function codeFor(found: string, compiler: ts.CompilerOptions): string | undefined {
    const real = isFile(found) ? realpath(found) : found
    return sourceOf(real, compiler) ?? codeBeside(real)
  }

  function nodeOptions(compiler: ts.CompilerOptions): ts.CompilerOptions {
    let options = asNode.get(compiler)
    if (options === undefined) asNode.set(compiler, (options = running(ts, compiler)))
    return options
  }

  /** The file of a package that Node runs, declarations aside: what `types` says of it may be somewhere else. */
  function resolveAsNode(specifier: string, from: string, { compiler }: Options): string | undefined {
    const found = ask(specifier, from, nodeOptions(compiler), compiler.moduleResolution === ts.ModuleResolutionKind.Bundler)
    return found && codeFor(found.resolvedFileName, compiler)
  }

  /** What a project that is referenced emits counts by the source of it. */
  function sourceOf(file: string, { configFilePath }: ts.CompilerOptions): string | undefined {
    return configFilePath === undefined ? undefined : references.sourceOf(file, configFilePath as string)
  }

  /** The JavaScript that a declaration file describes. */
  function codeBeside(file: string): string | undefined {
    const [, base, kind] = /^(.*)\.d\.([mc]?)ts$/.exec(file) ?? []
    if (base === undefined) return file
    return [`${base}.${kind}js`, `${base}.jsx`].find(isFile)
  }

  function locate(specifier: string, from: string, own: Options): Place {
    const asked = specifier.replace(/\?.*$/s, '')
    const query = specifier.slice(asked.length)
    const request = aliased(replacements, asked)
    if (isBuiltin(request) && !packages.find(request, path.dirname(from))) return { kind: 'builtin', name: request.replace(/^node:/, '') }
    const behind = request.startsWith('#') ? behindOwnName(request, from, own) : undefined
    const name = behind?.name ?? packageName(request)
    const subpath = (behind ? request : request.slice(name.length)) + query
    // Mintmark itself counts as FORMAT: upgrading it empties nobody's cache.
    if (name === 'mintmark') return { kind: 'package', identity: name, name, subpath, files: [] }
    const isRelative = /^\.{0,2}\//.test(request) || request === '.' || request === '..'
    const file =
      behind?.file ??
      (isRelative ? (resolveRelative(request, from) ?? resolveByCompiler(request, from, own)) : resolveAlias(request, from, own))
    if (file !== undefined) {
      const real = realpath(file)
      return { kind: 'file', file: (query === '' ? sourceOf(real, own.compiler) : undefined) ?? real, query }
    }
    if (isRelative) return { kind: 'missing', specifier }
    const found = packages.find(name, path.dirname(from))
    if (found === undefined) return { kind: 'package', identity: `${name}@?`, name, subpath, files: [] }
    if (!found.dir.includes(`${path.sep}node_modules${path.sep}`)) {
      const linked = resolveAsNode(request, from, own) ?? resolveByCompiler(request, from, own)
      if (linked === undefined) return { kind: 'missing', specifier }
      if (!linked.includes(`${path.sep}node_modules${path.sep}`)) return { kind: 'file', file: realpath(linked), query }
    }
    const mode = packageMode(own.settings, name)
    const source = mode === 'source' ? codeOf(request, from, own) : undefined
    if (source !== undefined) return { kind: 'file', file: source, query }
    const identity = mode === 'ignore' ? name : mode === 'version' ? `${name}@${found.version}` : found.identity
    return { kind: 'package', identity, name, subpath, files: mode === 'closure' ? found.files : found.files.slice(0, 1) }
  }

  /** The JavaScript of a package that is followed. */
  function codeOf(request: string, from: string, own: Options): string | undefined {
    return resolveAsNode(request, from, own) ?? resolveByCompiler(request, from, own) ?? disk.required(request, from)
  }

  /** `paths` and `baseUrl` lead into the project. */
  function resolveAlias(request: string, from: string, own: Options): string | undefined {
    const { paths, baseUrl } = own.compiler
    if (paths === undefined && baseUrl === undefined) return undefined
    const found = ask(request, from, own.compiler)
    return found === undefined || found.isExternalLibraryImport ? undefined : codeFor(found.resolvedFileName, own.compiler)
  }

  /** What the `imports` of the package around call `#x`: a file of the project, or a package. */
  function behindOwnName(request: string, from: string, own: Options): { file?: string | undefined; name?: string } | undefined {
    const { compiler } = own
    // Node goes by them whatever the compiler is told.
    const found = ask(request, from, compiler) ?? ask(request, from, nodeOptions(compiler))
    if (found === undefined) return undefined
    const [, name] = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(found.resolvedFileName) ?? []
    return name === undefined ? { file: codeFor(found.resolvedFileName, compiler) } : { name }
  }

  return locate
}
