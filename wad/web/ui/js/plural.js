// The form of a word that goes with a number: "1 second" but "2 seconds", and Russian has three of them.

/** Give a function that picks, out of {one, few, many, other}, the form of `lang` for the number `n`. */
export function pluralizer(lang) {
  const rules = new Intl.PluralRules(lang);
  return (n, forms) => forms[rules.select(n)] ?? forms.other;
}
