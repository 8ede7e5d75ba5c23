// On a phone and a small screen the filters stand above the list: folded, each telling what it is set to.

if (matchMedia("(max-width: 1439px)").matches) {
  for (const filter of document.querySelectorAll("#changelist-filter details")) filter.open = false;
}
