/** How WebDriver names a reference to an element in its messages. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf'

/** How long an element is waited for that is not there yet, in milliseconds. */
const PATIENCE = 15_000

/** A window under WebDriver's control, as far as these tests need the protocol (https://www.w3.org/TR/webdriver2/). */
export class Driver {
  private readonly session: string

  private constructor(session: string) {
    this.session = session
  }

  /** Starts a program and takes hold of its window. */
  static async open(server: string, binary: string, args: readonly string[]): Promise<Driver> {
    const options = { 'webkitgtk:browserOptions': { binary, args } }
    const { sessionId } = await send<{ sessionId: string }>('POST', `${server}/session`, {
      capabilities: { alwaysMatch: options },
    })
    const driver = new Driver(`${server}/session/${sessionId}`)
    await send('POST', `${driver.session}/timeouts`, { implicit: PATIENCE })
    return driver
  }

  /** Ends the program as its operator would; the session ends with it. */
  async close(): Promise<void> {
    // Either may find the window gone already.
    await this.run('setTimeout(() => window.runtime.Quit())').catch(() => undefined)
    await send('DELETE', this.session).catch(() => undefined)
  }

  /** Runs the body of a function in the page and gives what it returns. */
  async run<T>(body: string, ...args: unknown[]): Promise<T> {
    return send<T>('POST', `${this.session}/execute/sync`, { script: body, args })
  }

  /** Runs the body of an async function in the page and gives what it returns. */
  async runAsync<T>(body: string, ...args: unknown[]): Promise<T> {
    const script = `const [...given] = arguments; const done = given.pop();
      (async (...args) => { ${body} })(...given).then((value) => done({ value }), (error) => done({ error: String(error) }))`
    const result = await send<{ value: T; error?: string }>('POST', `${this.session}/execute/async`, { script, args })
    if (result.error !== undefined) throw new Error(result.error)
    return result.value
  }

  /** Clicks with the mouse on the first element of a CSS selector. */
  async click(css: string): Promise<void> {
    await send('POST', `${await this.element(css)}/click`, {})
  }

  /** Types into the first element of a CSS selector. */
  async type(css: string, text: string): Promise<void> {
    await send('POST', `${await this.element(css)}/value`, { text })
  }

  /** The text of the first element of a CSS selector, as it is rendered; "" where there is none. */
  async text(css: string): Promise<string> {
    return this.run<string>('return document.querySelector(arguments[0])?.innerText.trim() ?? ""', css)
  }

  private async element(css: string): Promise<string> {
    const found = await send<Record<string, string>>('POST', `${this.session}/element`, {
      using: 'css selector',
      value: css,
    })
    return `${this.session}/element/${found[ELEMENT]}`
  }
}

async function send<T>(method: string, url: string, body?: unknown): Promise<T> {
  const response = await fetch(url, {
    method,
    signal: AbortSignal.timeout(30_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } }
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`)
  return value
}
