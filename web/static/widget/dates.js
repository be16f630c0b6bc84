/** Days and times on a Bangkok clock: `22 พฤศจิกายน 2569`, `14.30 น.` */

const ZONE = "Asia/Bangkok";
const day = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const clock = new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const LONG = {
  th: new Intl.DateTimeFormat("th-TH-u-ca-buddhist-nu-latn", { timeZone: ZONE, day: "numeric", month: "long", year: "numeric" }),
  en: new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, day: "numeric", month: "long", year: "numeric" }),
};

/**
 * The day a moment falls on, as a key to compare: `2026-11-22`.
 *
 * @param {Date} moment
 * @returns {string}
 */
export function dayOf(moment) {
  return day.format(moment);
}

/**
 * The day as a separator says it.
 *
 * @param {Date} moment
 * @param {{language: "th"|"en", today: string, yesterday: string}} words
 * @returns {string}
 */
export function dayName(moment, words) {
  const now = Date.now();
  const date = LONG[words.language].format(moment).replace("พ.ศ. ", "");
  if (dayOf(moment) === dayOf(new Date(now))) return `${words.today} ${date}`;
  if (dayOf(moment) === dayOf(new Date(now - 86_400_000))) return `${words.yesterday} ${date}`;
  return date;
}

/**
 * The time of day: `14.30 น.` or `14:30`.
 *
 * @param {Date} moment
 * @param {"th"|"en"} language
 * @returns {string}
 */
export function timeOf(moment, language) {
  const text = clock.format(moment);
  return language === "th" ? `${text.replace(":", ".")} น.` : text;
}
