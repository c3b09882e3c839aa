// Pages: https://docs.unity3d.com/ScriptReference/
using System;

namespace UnityEngine.Events
{
    public delegate void UnityAction(); // Events.UnityAction.html
    public delegate void UnityAction<T0>(T0 arg0); // Events.UnityAction_1.html
    public delegate void UnityAction<T0, T1>(T0 arg0, T1 arg1); // Events.UnityAction_2.html

    [Serializable]
    public abstract class UnityEventBase // Events.UnityEventBase.html
    {
    }

    [Serializable]
    public partial class UnityEvent : UnityEventBase // Events.UnityEvent.html
    {
        public void AddListener(UnityAction call) { SimCalls += call; } // Events.UnityEvent.AddListener.html
        public void RemoveListener(UnityAction call) { SimCalls -= call; } // Events.UnityEvent.RemoveListener.html
        public void Invoke() { SimInvoke(); } // Events.UnityEvent.Invoke.html
    }

    [Serializable]
    public partial class UnityEvent<T0> : UnityEventBase // Events.UnityEvent_1.html
    {
        public void AddListener(UnityAction<T0> call) { SimCalls += call; } // Events.UnityEvent_1.AddListener.html
        public void RemoveListener(UnityAction<T0> call) { SimCalls -= call; } // Events.UnityEvent_1.RemoveListener.html
        public void Invoke(T0 arg0) { SimInvoke(arg0); } // Events.UnityEvent_1.Invoke.html
    }

    [Serializable]
    public partial class UnityEvent<T0, T1> : UnityEventBase // Events.UnityEvent_2.html
    {
        public void AddListener(UnityAction<T0, T1> call) { SimCalls += call; } // Events.UnityEvent_2.AddListener.html
        public void RemoveListener(UnityAction<T0, T1> call) { SimCalls -= call; } // Events.UnityEvent_2.RemoveListener.html
        public void Invoke(T0 arg0, T1 arg1) { SimInvoke(arg0, arg1); } // Events.UnityEvent_2.Invoke.html
    }
}
