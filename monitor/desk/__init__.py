"""The write side for people: maintenance windows and announcements. The only writes that the web may reach.

What people typed is judged here, in French, every fault at once; who asks (a command, a form) says where it stood.
"""
