/** The socket to the city: opened again after every loss, with growing and jittered pauses. */

const FIRST = 500; // milliseconds
const LONGEST = 20_000;
const QUIET_HELLO = 12_000;

/** Fires `frame` (detail: a frame of the server) and `state` (detail: whether the server is there). */
export class Connection extends EventTarget {
  /**
   * @param {string} server an origin such as `https://city.example`
   * @param {() => object} hello makes the first frame, at each opening
   */
  constructor(server, hello) {
    super();
    this.address = `${server.replace(/^http/, "ws")}/chat/socket`;
    this.hello = hello;
    this.socket = null;
    this.attempts = 0;
    this.timer = 0;
    this.wanted = false;
    this.online = false;
    this.#listen();
  }

  /** Open, and stay open. */
  open() {
    this.wanted = true;
    if (!this.socket) this.#connect();
  }

  /** Close and stay closed. */
  close() {
    this.wanted = false;
    clearTimeout(this.timer);
    this.listening?.abort();
    this.socket?.close();
  }

  /**
   * Send a frame if the server is there.
   *
   * @param {object} frame
   * @returns {boolean} whether it left
   */
  send(frame) {
    if (!this.online || this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Give a silent connection up and open a new one: a telephone that changed networks is not told that it lost the old. */
  renew() {
    this.#lost(this.socket);
  }

  #connect() {
    clearTimeout(this.timer);
    const socket = new WebSocket(this.address);
    this.socket = socket;
    const patience = setTimeout(() => this.#lost(socket), QUIET_HELLO);
    socket.onopen = () => socket.send(JSON.stringify(this.hello()));
    socket.onclose = () => {
      clearTimeout(patience);
      this.#lost(socket);
    };
    socket.onmessage = (message) => {
      clearTimeout(patience);
      if (socket === this.socket) this.#receive(JSON.parse(message.data));
    };
  }

  #receive(frame) {
    if (frame.type === "welcome") {
      this.attempts = 0;
      this.#turn(true);
    }
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  #lost(socket) {
    if (!socket || socket !== this.socket) return;
    this.socket = null;
    socket.onclose = null;
    socket.close();
    this.#turn(false);
    if (!this.wanted) return;
    const pause = Math.min(LONGEST, FIRST * 2 ** this.attempts) * (0.5 + Math.random() / 2);
    this.attempts += 1;
    this.timer = setTimeout(() => this.#connect(), pause);
  }

  #turn(online) {
    this.online = online;
    this.dispatchEvent(new CustomEvent("state", { detail: online }));
  }

  /** A network that came back, or a visitor who looks again, need not wait for the pause to end. */
  #listen() {
    this.listening = new AbortController();
    const { signal } = this.listening;
    const now = () => {
      if (this.wanted && !this.socket && document.visibilityState === "visible") this.#connect();
    };
    window.addEventListener("online", now, { signal });
    document.addEventListener("visibilitychange", now, { signal });
  }
}
