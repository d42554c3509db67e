"""KEEP. Where does it lie, and how is it written so that nothing is ever half there?"""
