// Display links: further pages are one address a line; the link that was made is shown once.
import "./users.js";

const form = document.querySelector("#make form");
form?.addEventListener("saving", ({ detail: { values } }) => {
  const typed = (values.more ?? "").split(/\s+/).filter(Boolean).map(asPath);
  values.pages = [...(values.pages ?? []), ...typed];
  delete values.more;
});

// As the browser shows it, with the server's name before it or not.
function asPath(address) {
  try {
    const { origin, pathname, search } = new URL(address, location.href);
    const above = new URL(".", location.href).pathname.slice(0, -1); // a path of a proxy
    return origin === location.origin ? pathname.replace(above, "") + search : address;
  } catch { return address; }
}

form?.addEventListener("saved", ({ detail: { body } }) => {
  const link = new URL(`screen#${body.key}`, location.href).href;
  document.getElementById("token").textContent = link;
  document.getElementById("open-screen").href = link;
});
