"""One module a page; Streamlit would take a folder named `pages` for pages of its own."""
