// `mintmark/vite`, for Vitest, too. A build is like Rollup's. A dev server keeps what it has transformed, and looks again at the file that was
// edited only: so it is told which other modules carry a stamp that is old by now.

import { unwatchFile, watchFile } from 'node:fs'
import { createVitePlugin } from 'unplugin'
import type { DevEnvironment, EnvironmentModuleNode, Plugin, ViteDevServer } from 'vite'
import { type BundlerOptions, hooksOf, openSession, PACKAGES, rollupHooks, type Session, tell } from '../bundler.js'

/** How often a package.json in node_modules is looked at; the server itself watches none. */
const PACKAGE_MS = 1000

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
  const packages = new Set<string>()

  function watchPackage(file: string): void {
    if (packages.has(file) || !PACKAGES.test(file)) return
    packages.add(file)
    watchFile(file, { interval: PACKAGE_MS, persistent: false }, () => server?.watcher.emit('change', file))
  }

  /** Modules whose stamps are no longer those that were served. */
  function findStale(environment: DevEnvironment): EnvironmentModuleNode[] {
    const old = [...(served.get(environment) ?? [])].filter(([file, code]) => session.stamp(file)?.code !== code)
    return old.flatMap(([file]) => [...(environment.moduleGraph.getModulesByFile(file) ?? [])])
  }

  const { transform } = hooksOf(session) as { transform: { filter: object } }
  return {
    ...rollupHooks(session),
    configResolved({ root }) {
      session.cwd = root
    },
    configureServer(started) {
      server = started
      server.httpServer?.once('close', () => packages.forEach((file) => void unwatchFile(file)))
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
        tell(this, session, stamped)
        if (server !== undefined) for (const file of stamped.files) watchPackage(file)
        return { code: stamped.code, map: stamped.map }
      },
    },
    /** Comes before the server's own invalidation, which would use what is left of an importer's transform. */
    watchChange() {
      session.refresh()
      const { environment } = this as { environment?: DevEnvironment }
      if (environment?.mode !== 'dev') return
      const modules = findStale(environment)
      stale.set(environment, modules)
      for (const module of modules) environment.moduleGraph.invalidateModule(module)
    },
    hotUpdate({ modules }) {
      const more = stale.get(this.environment) ?? []
      return more.length === 0 ? undefined : [...new Set([...modules, ...more])]
    },
  }
}
