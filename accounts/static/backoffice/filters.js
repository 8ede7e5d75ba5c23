// On a phone and a small screen the filters are above the list: folded, each showing its present value.

if (matchMedia("(max-width: 1439px)").matches) {
  for (const filter of document.querySelectorAll("#changelist-filter details")) filter.open = false;
}
