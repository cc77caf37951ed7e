// Stands for a scraper that is interrupted now and then.

export async function fetchPage(page: number): Promise<string> {
  if (page === Number(process.env.FAIL_AT)) throw new Error(`page ${page} is not to be had`)
  console.error(`fetching page ${page}`)
  return `title ${page}`
}
