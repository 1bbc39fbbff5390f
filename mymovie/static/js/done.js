// What has just been done is told once: the address that is left is the wall's own, to come back to or to be passed on.
const address = new URL(location.href);
for (const act of ["recorded", "changed"]) {
  address.searchParams.delete(act);
}
history.replaceState(history.state, "", address);
