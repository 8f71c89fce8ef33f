"""The pages: everything that knows Streamlit."""
