// `mintmark/esbuild`. esbuild lets the first plugin that loads a file have it: so those that load or change sources are given to this one.

import path from 'node:path'
import type { BuildOptions, Loader, OnLoadArgs, OnLoadResult, PartialMessage, Plugin, PluginBuild } from 'esbuild'
import { type BundlerOptions, openSession, PACKAGES, type Session, SOURCE, writeManifest } from '../bundler.js'
import type { Stamped } from '../host.js'
import { MANIFEST } from '../manifest.js'
import type { Replacements } from '../replacements.js'

export interface EsbuildOptions extends BundlerOptions {
  /** Plugins that load or change source files: what they make of a file is stamped. They do not stand in esbuild's own list. */
  readonly plugins?: readonly Plugin[]
}

const CODE: ReadonlySet<Loader> = new Set(['js', 'jsx', 'ts', 'tsx', 'default'])

/** Stamps the steps of all files that esbuild loads. Put it first. Errors: MM5001, MM5030. */
export function mintmark(options: EsbuildOptions = {}): Plugin {
  return {
    name: 'mintmark',
    async setup(build) {
      const { absWorkingDir, outdir, outfile, tsconfig, write = true } = build.initialOptions
      const session = openSession(options, ['plugins'])
      session.cwd = absWorkingDir ?? process.cwd()
      session.tsconfig = tsconfig && path.resolve(session.cwd, tsconfig)
      session.replace(replacementsIn(build.initialOptions, session.cwd))
      build.onStart(() => session.refresh())
      for (const plugin of options.plugins ?? []) await plugin.setup(stamping(build, session))
      build.onLoad({ filter: SOURCE, namespace: 'file' }, (args) => {
        const stamped = PACKAGES.test(args.path) ? undefined : session.stamp(args.path + args.suffix)
        return stamped && loaded(build, session, args, stamped)
      })
      build.onEnd(() => {
        const manifest = session.finish()
        const folder = outdir ?? (outfile && path.dirname(outfile))
        if (manifest && folder !== undefined && write) writeManifest(path.resolve(session.cwd, folder, MANIFEST), manifest)
      })
    },
  }
}

/** https://esbuild.github.io/api/#define, https://esbuild.github.io/api/#platform, https://esbuild.github.io/api/#alias */
function replacementsIn(options: BuildOptions, cwd: string): Replacements {
  const { bundle, platform = 'browser', minify, define = {}, alias = {}, jsx, jsxFactory, jsxFragment, jsxImportSource } = options
  const { minifyWhitespace, minifyIdentifiers, minifySyntax } = options
  const isMinified = minify || (minifyWhitespace && minifyIdentifiers && minifySyntax)
  const mode = { 'process.env.NODE_ENV': isMinified ? '"production"' : '"development"' }
  return {
    defines: { ...(bundle && platform === 'browser' && mode), ...define },
    aliases: Object.entries(alias)
      .sort(([a], [b]) => b.length - a.length)
      .map(([find, to]) => ({ find, to: /^\.{0,2}\//.test(to) ? path.resolve(cwd, to) : to })),
    ...((jsx ?? jsxFactory ?? jsxFragment ?? jsxImportSource) !== undefined && {
      jsx: {
        isAutomatic: jsx === 'automatic',
        ...(jsxFactory !== undefined && { jsxFactory }),
        ...(jsxFragment !== undefined && { jsxFragmentFactory: jsxFragment }),
        ...(jsxImportSource !== undefined && { jsxImportSource }),
      },
    }),
  }
}

/** The build as another plugin sees it: what it loads is stamped before esbuild gets it. */
function stamping(build: PluginBuild, session: Session): PluginBuild {
  return {
    ...build,
    onLoad(options, load) {
      build.onLoad(options, async (args) => {
        const result = await load(args)
        if (result?.contents === undefined || args.namespace !== 'file' || !CODE.has(result.loader ?? 'js')) return result
        const text = typeof result.contents === 'string' ? result.contents : Buffer.from(result.contents).toString('utf8')
        const stamped = session.stamp(args.path + args.suffix, text)
        if (stamped === undefined) return result
        const own = loaded(build, session, args, stamped)
        return {
          ...result,
          ...own,
          loader: result.loader ?? 'js',
          resolveDir: result.resolveDir ?? own.resolveDir!,
          warnings: [...(result.warnings ?? []), ...(own.warnings ?? [])],
          errors: [...(result.errors ?? []), ...(own.errors ?? [])],
          watchFiles: [...(result.watchFiles ?? []), ...own.watchFiles!],
          watchDirs: [...(result.watchDirs ?? []), ...own.watchDirs!],
        }
      })
    },
  }
}

function loaded({ initialOptions }: PluginBuild, { options }: Session, args: OnLoadArgs, stamped: Stamped): OnLoadResult {
  const { code, files, folders, diagnostics } = stamped
  const messages = diagnostics.map(({ code, file, line, column, message }): PartialMessage => {
    return { id: code, text: `${code} ${message}`, location: { file, line, column: column - 1 } }
  })
  return {
    contents: initialOptions.sourcemap ? `${code}\n//# sourceMappingURL=${stamped.map.toUrl()}` : code,
    loader: 'default',
    resolveDir: path.dirname(args.path),
    watchFiles: [...files],
    watchDirs: [...folders],
    [options.strict ? 'errors' : 'warnings']: messages,
  }
}
