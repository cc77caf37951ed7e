// `mintmark/vite`, for Vitest, too. A build is like Rollup's. A dev server keeps what it has transformed, and looks again at the file that was
// edited only: so it is told which other modules carry a stamp that is old by now.

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { createVitePlugin } from 'unplugin'
import type { DevEnvironment, EnvironmentModuleNode, Plugin, ResolvedConfig, ViteDevServer } from 'vite'
import { type BundlerOptions, hooksOf, openPackageWatch, openSession, PACKAGES, rollupHooks, type Session, tell } from '../bundler.js'
import type { Stamped } from '../host.js'
import type { Replacements } from '../replacements.js'

/** How long a file may take to be written. */
const WRITTEN_MS = 100

const create = createVitePlugin((options: BundlerOptions) => {
  const session = openSession(options)
  return { ...hooksOf(session), vite: devHooks(session) }
})

/** Stamps the steps of all files that Vite builds or serves, in every environment. Errors: MM5001, MM5030. */
export const mintmark = (options: BundlerOptions = {}): Plugin => create(options) as Plugin

function devHooks(session: Session): Partial<Plugin> {
  let server: ViteDevServer | undefined
  /** What each environment was given last, by file. */
  const served = new WeakMap<object, Map<string, string>>()
  const stale = new WeakMap<object, EnvironmentModuleNode[]>()
  const packages = openPackageWatch((file) => server?.watcher.emit('change', file))
  const loaded = openLoadedPackages((file) => server?.config.logger.warn(upgradeMessage(file)))

  function watchAll({ watcher }: ViteDevServer, { files, folders }: Stamped): void {
    watcher.add([...files.filter((file) => !PACKAGES.test(file)), ...folders])
    packages.watch(files)
  }

  /** Modules whose stamps are no longer those that were served. */
  function findStale(environment: DevEnvironment): EnvironmentModuleNode[] {
    const old = [...(served.get(environment) ?? [])].filter(([file, code]) => session.stamp(file)?.code !== code)
    return old.flatMap(([file]) => [...(environment.moduleGraph.getModulesByFile(file) ?? [])])
  }

  /** A file is emptied before it is written, and what watches it may tell the first of the two only: what was read in between is read again. */
  function lookLater(file: string): void {
    setTimeout(() => {
      if (session.isEdited(file)) server?.watcher.emit('change', file)
    }, WRITTEN_MS).unref()
  }

  const { transform } = hooksOf(session) as { transform: { filter: object } }
  return {
    ...rollupHooks(session),
    configResolved(config) {
      session.cwd = config.root
      session.replace(replacementsIn(config))
    },
    configureServer(started) {
      server = started
      const { close } = started
      started.close = async () => {
        packages.close()
        await close()
      }
    },
    transform: {
      filter: transform.filter,
      handler(code, id) {
        const stamped = session.stamp(id, code)
        const { environment } = this
        if (environment?.mode === 'dev') {
          const files = served.get(environment) ?? new Map<string, string>()
          served.set(environment, files)
          const [file] = id.split('?') as [string]
          if (stamped === undefined) files.delete(file)
          else files.set(file, stamped.code)
        }
        if (stamped === undefined) return undefined
        if (server !== undefined) watchAll(server, stamped)
        if (environment?.mode === 'dev' && environment.config.consumer === 'server') loaded.look(stamped.files)
        // A server takes what is watched for something that can be imported.
        tell(this, session, server === undefined ? stamped : { ...stamped, files: [], folders: [] })
        return { code: stamped.code, map: stamped.map }
      },
    },
    /** Comes before the server's own invalidation, which would use what is left of an importer's transform. */
    watchChange(id) {
      session.refresh()
      lookLater(path.normalize(id))
      // Called once for all environments, or once for each, as the version of Vite has it.
      for (const environment of Object.values(server?.environments ?? {})) {
        const modules = findStale(environment)
        stale.set(environment, modules)
        for (const module of modules) environment.moduleGraph.invalidateModule(module)
        // Vitest runs again what imports the file, and nothing imports a file that is only included.
        const isImported = environment.moduleGraph.getModulesByFile(path.normalize(id)) !== undefined
        if (process.env.VITEST && !isImported) for (const { file } of modules) server!.watcher.emit('change', file)
      }
    },
    hotUpdate({ modules }) {
      const more = stale.get(this.environment) ?? []
      return more.length === 0 ? undefined : [...new Set([...modules, ...more])]
    },
  }
}

/**
 * Node keeps the packages that it has loaded: after an upgrade the code of the old version runs, and its results have no place under stamps of
 * the new one. So from then on what is stored is read, and nothing is stored. Vitest runs its tests in processes that are new each time.
 */
function openLoadedPackages(onUpgrade: (file: string) => void): { look(files: readonly string[]): void } {
  const first = new Map<string, string>()
  return {
    look(files) {
      const { VITEST, MINTMARK_MODE } = process.env
      if (VITEST !== undefined || MINTMARK_MODE === 'readonly' || MINTMARK_MODE === 'off') return
      for (const file of files.filter((each) => PACKAGES.test(each) && existsSync(each))) {
        const text = readFileSync(file, 'utf8')
        if ((first.get(file) ?? text) !== text) {
          process.env.MINTMARK_MODE = 'readonly'
          return onUpgrade(file)
        }
        first.set(file, text)
      }
    },
  }
}

/** https://vite.dev/config/shared-options#define, https://vite.dev/guide/env-and-mode, https://vite.dev/config/shared-options#resolve-alias */
function replacementsIn({ root, command, mode, build, define = {}, env, resolve }: ResolvedConfig): Replacements {
  const values = Object.keys(env).sort()
  const entries = [
    // Of what a build for Node leaves as it is nothing is said here.
    ...(command === 'build' && !build.ssr ? [['process.env.NODE_ENV', process.env.NODE_ENV ?? mode]] : []),
    ['import.meta.env', Object.fromEntries(values.map((name) => [name, env[name]]))],
    // One build makes both kinds of code.
    ['import.meta.env.SSR', 'SSR'],
    ...values.map((name) => [`import.meta.env.${name}`, env[name]]),
  ].map(([name, value]) => [name, JSON.stringify(value)])
  const own = Object.entries(define).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])
  return {
    defines: Object.fromEntries([...entries, ...own]),
    aliases: resolve.alias.map(({ find, replacement }) => ({ find, to: fromRoot(root, replacement) })),
  }
}

/** What starts with a slash may start from the root. */
function fromRoot(root: string, to: string): string {
  return to.startsWith('/') && !existsSync(path.dirname(to.replace(/(?:\/?\$\d.*)?$/, '/x'))) ? path.join(root, to) : to
}

function upgradeMessage(file: string): string {
  const what = 'was upgraded while the server runs, and Node keeps the code that it has loaded'
  return `MM1022 ${file} ${what}: nothing is stored until then. Restart the server.`
}
